insert into click_rollups (url, country, clicks, unique_users, first_click, last_click, updated_at, version)
values (?1, ?2, 0, 0, ?3, ?4, ?5, 0)
returning page_id
