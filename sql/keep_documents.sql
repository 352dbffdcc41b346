update aggregation_state
set kept_index = index_identity
