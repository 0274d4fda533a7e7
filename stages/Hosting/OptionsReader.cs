using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Pipeline.Protocol;

namespace Pipeline.Stages.Hosting;

/// <summary>
/// The stage's settings as its options record. Strict, unlike the rest of the protocol: a setting that is spelt wrong
/// would otherwise be trained without, and nobody would know.
/// </summary>
public static class OptionsReader
{
    private static readonly JsonSerializerOptions s_strict = new(ProtocolJson.Line) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };

    /// <exception cref="ConfigException">A setting is unknown, missing, of the wrong type or out of its range.</exception>
    public static T Read<T>(JsonObject json) where T : class
    {
        UnknownOptions.Refuse(json, typeof(T));
        try
        {
            var options = json.Deserialize<T>(s_strict)!;
            OptionsValidation.Check(options);
            return options;
        }
        catch (JsonException error)
        {
            throw new ConfigException(StageErrors.OptionInvalid, $"options{error.Path?.TrimStart('$')}: {FirstSentence(error.Message)}");
        }
    }

    /// <summary>Without the path and line that the library adds: they count lines of a text nobody has seen.</summary>
    private static string FirstSentence(string message) => message.Split(" Path: ")[0];
}
