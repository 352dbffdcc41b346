select s.hour, cast(sum(s.clicks) as bigint) as clicks
from click_rollups p
join click_series s on s.page_id = p.page_id
where (@Url::text is null or p.url = @Url) and (@Country::text is null or p.country = @Country)
  and s.hour >= @From and s.hour < @To
group by s.hour
order by s.hour
