insert into clickstream_data
  (log_id, partition, "offset", user_id, "timestamp", url, country, city, browser, os, device)
values
  (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
