insert into desired_state (name, value)
values (@Name, @Json)
on conflict (name) do update set value = excluded.value
