insert into click_rollups (url, country, clicks, unique_users, first_click, last_click, updated_at, version)
values (@Url, @Country, 0, 0, @FirstClick, @LastClick, @UpdatedAt, 0)
returning page_id
