update click_rollups
set
  clicks = clicks + @Clicks,
  unique_users = unique_users + @NewUsers,
  first_click = min(first_click, @FirstClick),
  last_click = max(last_click, @LastClick),
  updated_at = @UpdatedAt,
  version = version + 1
where page_id = @PageId
