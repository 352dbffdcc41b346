-- A version that knows nothing of the journal's new name looks for the old one when it starts, and is told so.
create or replace function refuse_earlier_version() returns text language plpgsql as $$
begin
  raise exception 'this database was upgraded by a newer version of ClickOrleans, and an earlier one cannot be started on it';
end
$$;

create or replace view schema_versions as select refuse_earlier_version() as scriptname;
