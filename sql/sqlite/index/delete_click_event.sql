delete from click_events
where id = @Id and version <= @Version
returning row_id
