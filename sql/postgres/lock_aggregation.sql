-- The timeout bounds how long a client that hangs or is disconnected holds the lock.
select index_identity
from aggregation_state, set_config('idle_in_transaction_session_timeout', '15s', true)
for update of aggregation_state
