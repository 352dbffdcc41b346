insert into click_rollups (url, country, clicks, unique_users, first_click, last_click, updated_at, version)
select @Url, @Country, 0, 0, @FirstClick, @LastClick, @UpdatedAt, epoch << 40
from aggregation_state
returning page_id
