using System.Data;
using Dapper;
using Npgsql;
using NpgsqlTypes;

namespace ClickOrleans.Postgres;

/// <summary>Typed parameters, including arrays: Dapper itself expands a list into one parameter per element.</summary>
internal sealed class PostgresParameters : SqlMapper.IDynamicParameters
{
    private readonly List<NpgsqlParameter> _parameters = [];

    public PostgresParameters Add<T>(string name, NpgsqlDbType type, T value)
    {
        _parameters.Add(new NpgsqlParameter<T>(name, type) { TypedValue = value });
        return this;
    }

    /// <summary>An array parameter with the values of one column.</summary>
    public PostgresParameters AddColumn<T>(string name, NpgsqlDbType type, IReadOnlyList<T> values)
    {
        _parameters.Add(new NpgsqlParameter(name, NpgsqlDbType.Array | type) { Value = values });
        return this;
    }

    void SqlMapper.IDynamicParameters.AddParameters(IDbCommand command, SqlMapper.Identity identity)
    {
        foreach (var parameter in _parameters)
        {
            command.Parameters.Add(parameter);
        }
    }
}
