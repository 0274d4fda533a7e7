namespace Pipeline.Datasets.Sources;

/// <summary>A row is not what its schema says.</summary>
/// <param name="code">One of <see cref="RowErrors"/>.</param>
/// <param name="column">Where; null for the row as a whole.</param>
/// <param name="message">What was found, and what to try.</param>
internal sealed class RowException(string code, string? column, string message) : Exception(message)
{
    public string Code { get; } = code;
    public string? Column { get; } = column;
}
