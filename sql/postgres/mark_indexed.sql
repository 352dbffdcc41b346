update click_rollups r
set indexed_version = m.version,
  index_error = case when r.index_rejected_version > m.version then r.index_error end,
  index_rejected_version = case when r.index_rejected_version > m.version then r.index_rejected_version else 0 end
from (
  select page_id, max(m.version) as version
  from unnest(@PageIds, @Versions) as m (page_id, version)
  join click_rollups c using (page_id)
  where m.version between c.indexed_version + 1 and c.version
  group by page_id
) m
where r.page_id = m.page_id
