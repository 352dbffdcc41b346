insert into click_rollups (url, country, clicks, unique_users, first_click, last_click, updated_at, version)
values (@Url, @Country, @Clicks, 0, @FirstClick, @LastClick, @Now, 1)
on conflict (url, country) do update set
  clicks = clicks + excluded.clicks,
  first_click = min(first_click, excluded.first_click),
  last_click = max(last_click, excluded.last_click),
  updated_at = excluded.updated_at,
  version = version + 1
returning page_id, version
