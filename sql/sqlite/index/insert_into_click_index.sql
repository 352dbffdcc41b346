insert into click_index (one, identity) values (1, @Identity)
on conflict (one) do nothing
