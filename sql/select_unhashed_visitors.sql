select page_id, user_id
from click_visitor_ids
order by page_id, user_id
limit @Limit
