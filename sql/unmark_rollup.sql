update click_rollups
set indexed_version = 0
where page_id = @PageId and version = @Version and indexed_version = @Version
