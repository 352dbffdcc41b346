select url, country, version, index_error as error
from click_rollups
where index_rejected_version = version
order by updated_at desc, page_id desc
limit @Limit
