namespace Pipeline.Store;

/// <summary>Something to write, in words that both databases understand.</summary>
/// <param name="Sql">With named parameters.</param>
/// <param name="Parameters">Their values.</param>
internal sealed record Statement(string Sql, IReadOnlyDictionary<string, object?> Parameters);
