update aggregation_state
set epoch = @Epoch
