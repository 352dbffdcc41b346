update click_events
set version = @Version,
  clicks = @Clicks,
  unique_users = @UniqueUsers,
  average_time = @AverageTime,
  average_time_seconds = @AverageTimeSeconds,
  first_click = @FirstClick,
  last_click = @LastClick,
  updated_at = @UpdatedAt
where id = @Id and version < @Version
