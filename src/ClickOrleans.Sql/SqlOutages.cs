using System.Data.Common;
using ClickOrleans.Pipeline.Composition;

namespace ClickOrleans.Sql;

/// <summary>What a database's client throws where the server, the file or the network fails.</summary>
public sealed class SqlOutages : IOutageClassifier
{
    public string? Describe(Exception exception) => exception is DbException ? exception.Message : null;
}
