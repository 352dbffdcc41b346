insert into click_index_state (one, sequence, token, epoch)
values (1, @Sequence, @Token, @Epoch)
on conflict (one) do update
set sequence = excluded.sequence, token = excluded.token, epoch = excluded.epoch
where excluded.sequence > click_index_state.sequence
