-- The journal of an earlier version, under the name of this one's.
do $$
begin
  if exists (select from pg_class where oid = to_regclass('schema_versions') and relkind = 'r') then
    alter table schema_versions rename to schema_scripts;
  end if;
end
$$
