select s.hour, s.page_id, p.url, p.country, s.clicks, s.visitors
from click_series s
left join click_rollups p on p.page_id = s.page_id
where s.hour = @Hour
order by s.page_id
