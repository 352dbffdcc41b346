select name, value
from desired_state
