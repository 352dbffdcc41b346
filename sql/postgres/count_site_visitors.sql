-- A bucket has a row for each day of UTC that it touches, with the hours of that day that lie in it.
select bucket, count(*) as visitors
from (
  select b.bucket, s.visitor
  from unnest(@Buckets, @Days, @Masks) as b (bucket, day, mask)
  join site_visitors s on s.day = b.day and s.hours & b.mask <> 0
  group by b.bucket, s.visitor
) v
group by bucket
