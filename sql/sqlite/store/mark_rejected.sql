update click_rollups
set index_rejected_version = @Version, index_error = @Error
where page_id = @PageId and @Version between indexed_version + 1 and version and index_rejected_version <= @Version
