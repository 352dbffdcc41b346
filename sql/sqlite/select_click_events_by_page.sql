select
  id as Id, version as Version, url as Url, country as Country, clicks as Clicks, unique_users as UniqueUsers,
  average_time as AverageTime, average_time_seconds as AverageTimeSeconds,
  first_click as FirstClick, last_click as LastClick, updated_at as UpdatedAt
from click_events
where (url, country) > (@url, @country)
order by url, country
limit @limit;
