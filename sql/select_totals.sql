select
  (select cast(coalesce(sum(stored), 0) as bigint) from consumer_offsets) as stored,
  (select cast(coalesce(sum(open_dead_letters), 0) as bigint) from consumer_offsets) as dead_letters,
  (select cast(coalesce(sum(duplicates), 0) as bigint) from consumer_offsets) as duplicates,
  (select cast(coalesce(sum(folded), 0) as bigint) from aggregation_offsets) as folded,
  (select rollups from aggregation_state) as rollups,
  (select count(*) from click_rollups where version <> indexed_version and version <> index_rejected_version) as unindexed,
  (select count(*) from click_rollups where index_rejected_version = version) as index_rejected
