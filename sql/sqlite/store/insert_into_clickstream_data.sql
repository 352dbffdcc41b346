insert into clickstream_data
  (log_id, partition, "offset", user_id, "timestamp", url, country, city, browser, os, device, visitor, event_id, stored_on)
values
  (@LogId, @Partition, @Offset, @UserId, @Timestamp, @Url, @Country, @City, @Browser, @Os, @Device, @Visitor, @EventId,
   @StoredOn)
