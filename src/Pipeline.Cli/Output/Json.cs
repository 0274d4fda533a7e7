using System.Text.Json;
using Pipeline.Protocol;

namespace Pipeline.Cli.Output;

/// <summary>What <c>--json</c> prints: the protocol's JSON, nothing else on standard output.</summary>
internal static class Json
{
    public static void Write<T>(Terminal terminal, T facts) => terminal.Out.WriteLine(JsonSerializer.Serialize(facts, ProtocolJson.Indented));

    /// <summary>The word for an enum member in JSON and text alike: <c>node_failure</c>.</summary>
    public static string Word<T>(T member) where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(member.ToString());
}
