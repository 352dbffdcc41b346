select one from aggregation_state
