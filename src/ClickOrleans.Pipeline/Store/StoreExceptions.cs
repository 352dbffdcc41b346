namespace ClickOrleans.Pipeline.Store;

/// <summary>
/// The store refused the data itself (SQLSTATE class 22 or 23): the same rows would be refused again. Every other exception
/// out of a store is an outage and says nothing against the rows.
/// </summary>
public sealed class RejectedByStoreException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>
/// The store has rows at or above the offset that it would store next: they and the offset were not changed together. Whatever is
/// read from there is stored already, or is not what is stored.
/// </summary>
/// <param name="next">The stored offset.</param>
/// <param name="last">The last row's offset.</param>
public sealed class RowsAheadException(int partition, long next, long last) : Exception(
    $"The stored offset of partition {partition} is {next}, but the store has rows up to offset {last}: the offset was set " +
    $"back, or rows were added, by hand. To go on behind them, set next_offset in consumer_offsets to {last + 1}; else delete " +
    "them.");
