select hours
from site_visitors
where day = @Day and visitor = @Visitor
