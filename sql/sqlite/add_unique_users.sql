update click_rollups
set unique_users = unique_users + @Users
where page_id = @PageId
