insert into click_series (hour, page_id, clicks, visitors)
values (@Hour, @PageId, @Clicks, @Visitors)
on conflict (hour, page_id) do update set clicks = clicks + excluded.clicks, visitors = visitors + excluded.visitors
