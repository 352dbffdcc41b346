update click_rollups
set indexed_version = @Version,
  index_error = case when index_rejected_version > @Version then index_error end,
  index_rejected_version = case when index_rejected_version > @Version then index_rejected_version else 0 end
where page_id = @PageId and @Version between indexed_version + 1 and version
