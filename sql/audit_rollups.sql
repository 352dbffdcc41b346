-- While visitors that an earlier version stored are not hashed yet, they are counted, but not told apart.
-- The sample of recounted rollups is spread evenly over the page ids, from a phase on in millionths of the distance between two;
-- pages without a rollup are always included.
with numbered as (
  select page_id, row_number() over (order by page_id) as number, count(*) over () as total
  from click_rollups
),
sample as (
  select r.*
  from numbered n
  join click_rollups r on r.page_id = n.page_id
  where cast(@Pages as bigint) is null
     or (number * cast(@Pages as bigint) + total * cast(@Phase as bigint) / 1000000) / total
       > ((number - 1) * cast(@Pages as bigint) + total * cast(@Phase as bigint) / 1000000) / total
),
visits as (
  select
    c.url, c.country, c.user_id, max(c.visitor) as visitor,
    count(*) as clicks, min(c."timestamp") as first_click, max(c."timestamp") as last_click
  from clickstream_data c
  join aggregation_offsets a on a.log_id = c.log_id and a.partition = c.partition
  left join retried_clicks r on r.log_id = c.log_id and r.partition = c.partition and r."offset" = c."offset"
  where c."offset" < a.next_offset and r."offset" is null
  group by c.url, c.country, c.user_id
),
counted as (
  select
    v.url, v.country,
    cast(sum(v.clicks) as bigint) as clicks, count(*) as unique_users,
    count(case when v.visitor is null or u.page_id is not null then 1 else k.page_id end) as known_visitors,
    min(v.first_click) as first_click, max(v.last_click) as last_click
  from visits v
  left join click_rollups p on p.url = v.url and p.country = v.country
  left join sample s on s.page_id = p.page_id
  left join click_visitors k on k.page_id = s.page_id and k.visitor = v.visitor
  left join (select distinct page_id from click_visitor_ids) u on u.page_id = s.page_id
  where p.page_id is null or s.page_id is not null
  group by v.url, v.country
),
visitors as (
  select k.page_id, count(*) as visitors
  from (
    select page_id from click_visitors
    union all
    select page_id from click_visitor_ids
  ) k
  join sample s on s.page_id = k.page_id
  group by k.page_id
)
select
  coalesce(s.url, c.url) as url,
  coalesce(s.country, c.country) as country,
  s.page_id,
  s.clicks, c.clicks as recounted_clicks,
  s.unique_users, c.unique_users as recounted_users,
  s.first_click, c.first_click as recounted_first,
  s.last_click, c.last_click as recounted_last,
  coalesce(v.visitors, 0) as visitors, coalesce(c.known_visitors, 0) as known_visitors
from sample s
full join counted c on c.url = s.url and c.country = s.country
left join visitors v on v.page_id = s.page_id
where s.page_id is null or c.clicks is null
   or s.clicks <> c.clicks or s.unique_users <> c.unique_users
   or s.first_click <> c.first_click or s.last_click <> c.last_click
   or coalesce(v.visitors, 0) <> c.unique_users or c.known_visitors <> c.unique_users
order by 1, 2
limit @Limit
