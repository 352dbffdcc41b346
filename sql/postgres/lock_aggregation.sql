select index_identity
from aggregation_state
for update
