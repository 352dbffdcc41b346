select
  id, version, url, country, clicks, unique_users, average_time, average_time_seconds, first_click, last_click, updated_at
from click_events
where (url, country) > (@Url, @Country)
order by url, country
limit @Limit
