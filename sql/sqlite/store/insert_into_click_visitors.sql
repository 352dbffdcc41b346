insert into click_visitors (page_id, visitor)
values (@PageId, @Visitor)
on conflict (page_id, visitor) do nothing
