update click_rollups
set
  clicks = clicks + ?2,
  unique_users = unique_users + ?3,
  first_click = min(first_click, ?4),
  last_click = max(last_click, ?5),
  updated_at = ?6,
  version = version + 1
where page_id = ?1
