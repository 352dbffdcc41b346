update aggregation_state
set index_identity = @IndexIdentity
