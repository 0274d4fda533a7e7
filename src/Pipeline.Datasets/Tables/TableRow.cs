using System.Text.Json.Nodes;

namespace Pipeline.Datasets.Tables;

/// <summary>A row of a file of any format.</summary>
/// <param name="File">The file it stands in.</param>
/// <param name="Number">From 1. In JSON lines the number of the line, so that an editor finds it.</param>
/// <param name="Fields">Values by column; null if the row cannot be read.</param>
/// <param name="Problem">Why it cannot be read, as the end of a sentence that begins with the row.</param>
public sealed record TableRow(string File, long Number, JsonObject? Fields, string? Problem = null)
{
    /// <summary>The row as it stands in a text file, without its line end; null in Parquet.</summary>
    internal string? Verbatim { get; init; }
}
