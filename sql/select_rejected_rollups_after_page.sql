select page_id, url, country, clicks, unique_users, first_click, last_click, updated_at, version, indexed_version
from click_rollups
where index_rejected_version = version and page_id > @AfterPageId
order by page_id
limit @Limit
