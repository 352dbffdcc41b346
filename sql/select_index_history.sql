select
  (select epoch from aggregation_state) as epoch,
  (select token from index_sequences where sequence = @Sequence) as token,
  (select coalesce(max(sequence), 0) from index_sequences where confirmed = true) as confirmed_sequence,
  (select coalesce(max(sequence), 0) from index_sequences) as last_sequence
