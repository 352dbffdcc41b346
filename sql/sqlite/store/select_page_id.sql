select page_id
from click_rollups
where url = @Url and country = @Country
