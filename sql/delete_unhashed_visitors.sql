delete from click_visitor_ids
where (page_id, user_id) <= (@PageId, @UserId)
