-- A bigint key is kept in two halves.
select
  lock.pid as "ProcessId",
  coalesce(session.application_name, '') as "Application",
  coalesce(host(session.client_addr), 'this machine') as "Client",
  coalesce(session.state, 'unknown') as "State",
  session.state_change as "Since"
from pg_locks as lock
left join pg_stat_activity as session on session.pid = lock.pid
where lock.locktype = 'advisory'
  and lock.granted
  and lock.database = (select oid from pg_database where datname = current_database())
  and lock.classid = (@LockKey >> 32)::oid
  and lock.objid = (@LockKey & 4294967295)::oid
  and lock.objsubid = 1
limit 1
