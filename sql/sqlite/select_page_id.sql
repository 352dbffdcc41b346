select page_id
from click_rollups
where url = ?1 and country = ?2
