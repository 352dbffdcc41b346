-- Held until the transaction ends, whose end no pooler between us and the server can lose. What follows takes as long as it takes.
set local statement_timeout = 0;
set local idle_in_transaction_session_timeout = 0;
set local lock_timeout = '5s';
select pg_advisory_xact_lock(@LockKey);
set local lock_timeout to default;
