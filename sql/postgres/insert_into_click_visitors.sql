insert into click_visitors (page_id, visitor)
select unnest(@PageIds), unnest(@Visitors)
on conflict (page_id, visitor) do nothing
