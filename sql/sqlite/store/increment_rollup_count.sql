update aggregation_state
set rollups = rollups + @Added
