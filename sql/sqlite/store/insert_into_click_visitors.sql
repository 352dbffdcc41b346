insert into click_visitors (page_id, user_id)
values (@PageId, @UserId)
on conflict (page_id, user_id) do nothing
