using System.Data;
using Dapper;
using Npgsql;
using NpgsqlTypes;

namespace ClickOrleans.Postgres;

/// <summary>Typed parameters, whole columns among them: Dapper alone would take a list for a list of parameters.</summary>
internal sealed class PostgresParameters : SqlMapper.IDynamicParameters
{
    private readonly List<NpgsqlParameter> _parameters = [];

    public PostgresParameters Add<T>(string name, NpgsqlDbType type, T value)
    {
        _parameters.Add(new NpgsqlParameter<T>(name, type) { TypedValue = value });
        return this;
    }

    /// <summary>The elements of an array, which stands for a column.</summary>
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
