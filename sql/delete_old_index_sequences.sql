delete from index_sequences
where sequence < (select max(sequence) from index_sequences) - 10000
