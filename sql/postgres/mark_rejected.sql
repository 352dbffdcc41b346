update click_rollups r
set index_rejected_version = m.version, index_error = m.error
from (
  select distinct on (page_id) page_id, version, error
  from unnest(@PageIds, @Versions, @Errors) as m (page_id, version, error)
  order by page_id, version desc
) m
where r.page_id = m.page_id and m.version between r.indexed_version + 1 and r.version and r.index_rejected_version <= m.version
