update aggregation_offsets
set next_offset = @End, folded = folded + @Clicks, series_offset = @SeriesEnd
where log_id = @LogId and partition = @Partition and next_offset = @Start and coalesce(series_offset, @SeriesStart) = @SeriesStart
