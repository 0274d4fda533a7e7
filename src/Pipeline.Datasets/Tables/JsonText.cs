using System.Text.Json;

namespace Pipeline.Datasets.Tables;

/// <summary>What a person is told of JSON.</summary>
internal static class JsonText
{
    /// <summary>The parser's reason with the place in words, in place of its "LineNumber: 0 | BytePositionInLine: 7".</summary>
    public static string Reason(JsonException error)
    {
        var end = error.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        if (end < 0) end = error.Message.IndexOf(" Path:", StringComparison.Ordinal);
        return $"{(end < 0 ? error.Message : error.Message[..end]).TrimEnd('.')}, at byte {error.BytePositionInLine + 1}";
    }
}
