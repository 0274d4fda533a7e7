using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using NJsonSchema;
using Pipeline.Protocol.Artifacts;
using Pipeline.Protocol.Jobs;
using Pipeline.Spec.Schema;

namespace Pipeline.Protocol.Tests;

/// <summary>
/// The JSON Schemas of the protocol's files, for those who write a stage in another language. To write them anew after a
/// wanted change: <c>UPDATE_GOLDEN=1 dotnet test tests/Pipeline.Protocol.Tests</c>, then read the difference.
/// </summary>
public sealed class SchemaTests
{
    private static readonly XmlDocs Docs = new(typeof(ProtocolJson).Assembly);
    private static readonly string Folder = Path.Combine(Here(), "../../src/Pipeline.Protocol/Schemas");

    /// <summary>Each file with an instance of its record.</summary>
    private static readonly (string Name, object Record)[] Files =
    [
        ("job", new JobFile
        {
            Run = "r", Stage = "rl", Instance = "rl[seed=1]", Attempt = 2, Token = "t", Kind = "grpo",
            Options = new JsonObject { ["steps"] = 5 },
            Inputs = new Dictionary<string, JobInput> { ["model"] = new("/m", ArtifactKind.Model, "sha256:0") },
            Outputs = new Dictionary<string, string> { ["model"] = "/o" },
            ResumeFrom = "/c", Limits = new(WallSeconds: 5),
        }),
        ("result", new ResultFile
        {
            Token = "t", Tokens = 5, Seconds = 1.5, Warnings = ["w"],
            Outputs = new Dictionary<string, ResultOutput> { ["model"] = new(ArtifactKind.Model, "sha256:0", Parameters: 7) },
            Metrics = new Dictionary<string, double> { ["eval/pass@1"] = 0.5, ["loss"] = double.NaN },
        }),
        ("event", new StageEvent(DateTimeOffset.UnixEpoch, 3, StageEventKind.Checkpoint, "CHECKPOINT", "Written.", new JsonObject { ["path"] = "/c" })),
        ("heartbeat", new Heartbeat(3, 10, "training", 4.5)),
        ("exit", new ExitRecord(null, 9, ExitAsked.WallLimit, 1 << 30, 2.5, DateTimeOffset.UnixEpoch)),
        ("evaluation", new EvaluationReport
        {
            Name = "R1-Zero", N = 2, K = 4, PassAt1 = new(0.5, 0.4, 0.6), PassAtK = 1, ConsAtK = 0.5, Format = 0.9,
            Mixing = 0.1, Repetition = 0, Truncation = 0, MeanLength = 30.5, Reflection = 0.2, PerPrompt = [0.25, 0.75],
        }),
        ("funnel", new FunnelReport
        {
            Prompts = 2, Sampled = 4, Steps = [new("wrong", "the final answer is wrong", Dropped: 3, Left: 1, [new("1+1", "3")])], Kept = 1, PromptsKept = 1,
        }),
    ];

    private static IEnumerable<TestCaseData> Cases => Files.Select(file => new TestCaseData(file.Name, file.Record).SetArgDisplayNames(file.Name));

    [TestCaseSource(nameof(Cases))]
    public void Schema_WrittenAnew_IsTheCommittedOne(string name, object record)
    {
        var file = Path.Combine(Folder, $"{name}.schema.json");
        var schema = Write(record.GetType());
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1") File.WriteAllText(file, schema);

        Assert.That(schema, Is.EqualTo(File.ReadAllText(file)), $"{Path.GetFileName(file)} differs; see {nameof(SchemaTests)}.");
    }

    [TestCaseSource(nameof(Cases))]
    public async Task Schema_OfARecordWeWrite_Accepts(string name, object record)
    {
        var schema = await JsonSchema.FromFileAsync(Path.Combine(Folder, $"{name}.schema.json"));

        Assert.That(schema.Validate(JsonSerializer.Serialize(record, record.GetType(), ProtocolJson.Line)), Is.Empty);
    }

    [TestCaseSource(nameof(Cases))]
    public async Task Schema_OfAnEmptyObject_NamesWhatIsMissing(string name, object record)
    {
        var schema = await JsonSchema.FromFileAsync(Path.Combine(Folder, $"{name}.schema.json"));

        Assert.That(schema.Validate("{}"), Is.Not.Empty, record.ToString());
    }

    private static string Write(Type record)
    {
        var schema = ProtocolJson.Indented.GetJsonSchemaAsNode(record, new JsonSchemaExporterOptions { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = Describe });
        return schema.ToJsonString(ProtocolJson.Indented) + "\n";
    }

    private static JsonNode Describe(JsonSchemaExporterContext context, JsonNode schema)
    {
        var summary = context.PropertyInfo?.AttributeProvider is PropertyInfo property ? Docs.Of(property) : Docs.Of(context.TypeInfo.Type);
        if (schema is JsonObject described && summary is not null) described.Insert(0, "description", summary);
        return schema;
    }

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
