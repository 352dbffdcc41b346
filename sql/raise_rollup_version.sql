update click_rollups
set version = case when version > @Above then version else @Above end + 1
where page_id = @PageId and version = @Version
