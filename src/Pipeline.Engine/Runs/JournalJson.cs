using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using Pipeline.Protocol;

namespace Pipeline.Engine.Runs;

/// <summary>How events are written in the journal: one JSON object each, <c>type</c> first.</summary>
public static class JournalJson
{
    // Other files of the protocol ignore fields they do not know. The journal must not: a fold that passes over a fact
    // would decide on half of the truth.
    private static readonly JsonSerializerOptions Options = new(ProtocolJson.Line)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    /// <summary>The <c>type</c> of every kind of event.</summary>
    public static IReadOnlyList<string> EventNames { get; } =
        [.. typeof(JournalEvent).GetCustomAttributes<JsonDerivedTypeAttribute>().Select(kind => (string)kind.TypeDiscriminator!)];

    /// <summary>The event as one line of JSON.</summary>
    public static string Write(JournalEvent fact) => JsonSerializer.Serialize(fact, Options);

    /// <summary>The event that <paramref name="json"/> holds.</summary>
    /// <exception cref="EngineException"><see cref="EngineErrors.JournalNewer"/>: it is of a kind, or has a field, unknown here;
    /// <see cref="EngineErrors.JournalDamaged"/>: it is not JSON.</exception>
    public static JournalEvent Read(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<JournalEvent>(json, Options)!;
        }
        catch (Exception error) when (error is JsonException or NotSupportedException)
        {
            throw IsJson(json) ? Newer(json, error) : Damaged(json, error);
        }
    }

    private static EngineException Newer(string json, Exception error) => new(
        EngineErrors.JournalNewer,
        $"The journal holds an event that this version does not understand: {error.Message} " +
        $"A newer version wrote it; use that version for this state folder. The event: {Excerpt(json)}",
        error);

    private static EngineException Damaged(string json, Exception error) => new(
        EngineErrors.JournalDamaged,
        $"The journal holds something that is not an event: {Excerpt(json)} Restore the state folder from a copy.",
        error);

    private static bool IsJson(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException) { return false; }
    }

    private static string Excerpt(string text) => text.Length <= 200 ? text : text[..200] + " ...";
}
