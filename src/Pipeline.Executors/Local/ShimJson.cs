using System.Text.Json;
using System.Text.Json.Serialization;
using Pipeline.Protocol;
using Pipeline.Protocol.Jobs;

namespace Pipeline.Executors.Local;

/// <summary>
/// The protocol's JSON for the files that a shim reads and writes, with code made at build time: the reflection it saves
/// is a third of the time between a shim's start and its stage's.
/// </summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(Launch))]
[JsonSerializable(typeof(ShimRecord))]
[JsonSerializable(typeof(StopRequest))]
[JsonSerializable(typeof(ExitRecord))]
internal sealed partial class ShimJson : JsonSerializerContext
{
    public static JsonSerializerOptions AsProtocol { get; } = new(ProtocolJson.Indented) { TypeInfoResolver = Default };
}
