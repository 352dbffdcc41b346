update click_rollups
set indexed_version = 0, index_rejected_version = 0, index_error = null
where indexed_version <> 0 or index_rejected_version <> 0
