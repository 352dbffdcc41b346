select
  id, version, url, country, clicks, unique_users, average_time, average_time_seconds, first_click, last_click, updated_at
from click_events
where id in (select value from json_each(@Ids))
