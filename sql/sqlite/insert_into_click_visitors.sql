insert into click_visitors (page_id, user_id)
values (?1, ?2)
on conflict (page_id, user_id) do nothing
