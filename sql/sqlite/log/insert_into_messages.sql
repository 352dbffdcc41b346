insert into messages (partition, "offset", appended_at, key, value)
values (@partition, @offset, @appended_at, @key, @value)
