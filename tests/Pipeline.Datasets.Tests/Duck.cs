using System.Globalization;
using DuckDB.NET.Data;

namespace Pipeline.Datasets.Tests;

/// <summary>DuckDB in this process: a second opinion on Parquet files.</summary>
internal sealed class Duck : IDisposable
{
    private readonly DuckDBConnection _connection = new("DataSource=:memory:");

    public Duck() => _connection.Open();

    public void Run(string sql) => Scalar(sql);

    public long Number(string sql) => Convert.ToInt64(Scalar(sql), CultureInfo.InvariantCulture);

    public string Text(string sql) => (string)Scalar(sql)!;

    public void Dispose() => _connection.Dispose();

    private object? Scalar(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
