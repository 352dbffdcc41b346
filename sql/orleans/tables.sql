-- Tables of Orleans' ADO.NET providers. The name of orleansquery and its columns are given by Orleans; all other names are used only in
-- the statements in queries/, which Orleans reads from that table when a silo starts. Idempotent: executed at every start.

create table if not exists orleansquery (
  querykey  text primary key,
  querytext text not null
);

-- Every change of a member increments the version (compare-and-set).
create table if not exists orleans_clusters (
  cluster_id text collate "C" primary key,
  changed    timestamptz not null default now(),
  version    integer not null default 0
);

create table if not exists orleans_members (
  cluster_id    text collate "C" not null references orleans_clusters,
  address       text collate "C" not null,
  port          integer not null,
  generation    integer not null,
  silo_name     text not null,
  host_name     text not null,
  status        integer not null,
  proxy_port    integer,
  suspect_times text,
  started       timestamptz not null,
  alive         timestamptz not null,
  primary key (cluster_id, address, port, generation)
);

comment on column orleans_members.generation is 'Tells a silo from those before it on the same address and port';
comment on column orleans_members.status is '1 created, 2 joining, 3 active, 4 shutting down, 5 stopping, 6 dead';

create table if not exists orleans_reminders (
  service_id    text collate "C" not null,
  grain_id      text collate "C" not null,
  reminder_name text collate "C" not null,
  started       timestamptz not null,
  period_ms     bigint not null,
  grain_hash    integer not null,
  version       integer not null default 0,
  primary key (service_id, grain_id, reminder_name)
);

create index if not exists orleans_reminders_by_hash on orleans_reminders (service_id, grain_hash);

create table if not exists orleans_storage (
  grain_id_n0     bigint not null,
  grain_id_n1     bigint not null,
  grain_id_hash   integer not null,
  grain_type_hash integer not null,
  version         integer not null,
  modified        timestamptz not null default now(),
  service_id      text collate "C" not null,
  grain_type      text collate "C" not null,
  grain_id_text   text collate "C" not null default '',
  payload         bytea
);

comment on column orleans_storage.grain_type is 'The name of the state, not the class of the grain';

-- Of two concurrent first writes one is rejected.
create unique index if not exists orleans_storage_key on orleans_storage
  (grain_id_hash, grain_type_hash, grain_id_n0, grain_id_n1, service_id, grain_type, grain_id_text);
