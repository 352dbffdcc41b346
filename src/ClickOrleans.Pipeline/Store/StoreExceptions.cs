namespace ClickOrleans.Pipeline.Store;

/// <summary>
/// The store refused the data itself (SQLSTATE class 22 or 23): the same rows would be refused again. Every other exception
/// out of a store is an outage and says nothing against the rows.
/// </summary>
public sealed class RejectedByStoreException(string message, Exception? inner = null) : Exception(message, inner);
