select "key"
from visitor_key
