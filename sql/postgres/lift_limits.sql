-- Limits that a server, a database or a role may set for every session; transaction_timeout exists since PostgreSQL 17.
select count(set_config(name, '0', true))
from pg_settings
where name in ('statement_timeout', 'transaction_timeout', 'idle_in_transaction_session_timeout')
