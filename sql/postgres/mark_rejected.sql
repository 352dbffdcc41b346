update click_rollups r
set index_rejected_version = m.version, index_error = m.error
from (
  select distinct on (page_id) page_id, m.version, m.error
  from unnest(@PageIds, @Versions, @Errors) as m (page_id, version, error)
  join click_rollups c using (page_id)
  where m.version between greatest(c.indexed_version + 1, c.index_rejected_version) and c.version
  order by page_id, m.version desc
) m
where r.page_id = m.page_id
