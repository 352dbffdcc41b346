-- The count below 2^40 stays; the epoch above it grows for every rollup, also for one that was raised beyond the store's before.
update click_rollups
set
  version = ((case when (version >> 40) + 1 > @Epoch then (version >> 40) + 1 else @Epoch end) << 40)
    + (version & 1099511627775),
  indexed_version = 0, index_rejected_version = 0, index_error = null
