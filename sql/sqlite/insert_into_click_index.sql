insert into click_index (one, identity) values (1, @identity)
on conflict (one) do nothing;
