insert into click_events (
  id, version, url, country, clicks, unique_users, average_time, average_time_seconds, first_click, last_click, updated_at)
values (
  @Id, @Version, @Url, @Country, @Clicks, @UniqueUsers, @AverageTime, @AverageTimeSeconds, @FirstClick, @LastClick, @UpdatedAt)
on conflict (id) do nothing
returning row_id
