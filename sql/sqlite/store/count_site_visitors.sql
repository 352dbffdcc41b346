-- A bucket has a row for each day of UTC that it touches, with the hours of that day that lie in it.
select b.value ->> 0 as bucket, count(distinct s.visitor) as visitors
from json_each(@Parts) b
join site_visitors s on s.day = b.value ->> 1 and s.hours & (b.value ->> 2) <> 0
group by b.value ->> 0
