insert into log_partitions (partition) values (@partition) on conflict do nothing
