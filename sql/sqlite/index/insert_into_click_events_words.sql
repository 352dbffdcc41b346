insert into click_events_words (rowid, words) values (@RowId, @Words)
