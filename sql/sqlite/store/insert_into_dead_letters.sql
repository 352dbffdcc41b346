insert into dead_letters (log_id, partition, "offset", "key", payload, reason, error, at)
values (@LogId, @Partition, @Offset, @Key, @Payload, @Reason, @Error, @At)
