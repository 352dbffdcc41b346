-- The number behind every number that the store or the index has.
insert into index_sequences (sequence, token)
select case when coalesce(max(sequence), 0) > @IndexSequence then max(sequence) else @IndexSequence end + 1, @Token
from index_sequences
returning sequence, (select epoch from aggregation_state) as epoch
