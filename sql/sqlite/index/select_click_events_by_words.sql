select
  id, version, url, country, clicks, unique_users, average_time, average_time_seconds, first_click, last_click, updated_at
from click_events
where row_id in (select rowid from click_events_words where click_events_words match @Query)
order by clicks desc, url, country
limit @Limit
