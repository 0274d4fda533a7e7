using System.Text.Json.Nodes;

namespace Pipeline.Datasets.Sources;

/// <summary>Gives columns the names that a schema has for them.</summary>
/// <param name="names">New names by old.</param>
public sealed class Renaming(IReadOnlyDictionary<string, string> names)
{
    /// <summary>Leaves every name as it is.</summary>
    public static Renaming None { get; } = new(new Dictionary<string, string>());

    /// <summary>Reads <c>old=new</c>.</summary>
    /// <exception cref="DatasetException">One is not of that form.</exception>
    public static Renaming Parse(IEnumerable<string> texts) => new(texts.ToDictionary(text => Split(text).Old, text => Split(text).New));

    internal JsonObject Of(JsonObject row)
    {
        foreach (var (old, name) in names)
        {
            if (!row.Remove(old, out var value)) continue;
            row[name] = value;
        }
        return row;
    }

    private static (string Old, string New) Split(string text) => text.Split('=') is [{ Length: > 0 } old, { Length: > 0 } name]
        ? (old, name)
        : throw new DatasetException(DatasetErrors.Schema, $"'{text}' renames nothing; write it as old=new, such as question=prompt.");
}
