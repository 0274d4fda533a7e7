using System.Text.Json;
using Pipeline.Protocol;

namespace Pipeline.Server.Http;

/// <summary>How the API writes JSON: as the protocol does, snake_case and nulls left out.</summary>
internal static class ApiJson
{
    public static void Configure(JsonSerializerOptions options)
    {
        var protocol = ProtocolJson.Line;
        options.PropertyNamingPolicy = protocol.PropertyNamingPolicy;
        options.DictionaryKeyPolicy = protocol.DictionaryKeyPolicy;
        options.DefaultIgnoreCondition = protocol.DefaultIgnoreCondition;
        options.NumberHandling = protocol.NumberHandling;
        foreach (var converter in protocol.Converters) options.Converters.Add(converter);
    }
}
