-- Whoever stops in the middle of it, with its host or its network, keeps the others waiting for no longer than this.
select index_identity
from aggregation_state, set_config('idle_in_transaction_session_timeout', '15s', true)
for update of aggregation_state
