insert into orleansquery (querykey, querytext)
select * from unnest(@Keys, @Texts)
on conflict (querykey) do update set querytext = excluded.querytext
where orleansquery.querytext <> excluded.querytext
