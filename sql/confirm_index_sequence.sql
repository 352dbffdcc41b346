update index_sequences
set confirmed = true
where sequence = @Sequence
