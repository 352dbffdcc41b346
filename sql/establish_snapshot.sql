-- Both databases take the snapshot at the transaction's first statement that reads, not at its begin.
select one from aggregation_state
