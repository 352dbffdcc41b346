select page_id, url, country, clicks, unique_users, first_click, last_click, updated_at, version, indexed_version
from click_rollups
where version <> indexed_version and version <> index_rejected_version
order by page_id
limit @Limit
