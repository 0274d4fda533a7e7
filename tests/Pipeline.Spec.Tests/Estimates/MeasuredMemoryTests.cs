using System.Text.Json;
using Pipeline.Spec.Estimates;

namespace Pipeline.Spec.Tests.Estimates;

/// <summary>
/// The model of memory against peaks that were measured: <c>measured-memory.jsonl</c>, from
/// <c>dotnet run -c Release --project tests/Pipeline.Benchmarks memory</c>.
/// </summary>
public sealed class MeasuredMemoryTests
{
    // Of each: the share that is counted. The rest, where it was looked into, is holes in malloc's heap (src/Pipeline.Training/PERFORMANCE.md);
    // a change of the model of memory or of the training plane that moves a share has to say so here.
    private static readonly Dictionary<string, double> s_counted = new()
    {
        ["checkpointing"] = 0.50, ["adapter"] = 0.35, ["activations"] = 0.70, ["weights"] = 0.86, ["attention"] = 0.68, ["vocabulary"] = 0.83,
    };

    private static IEnumerable<TestCaseData> Measured => File.ReadLines(Path.Combine(Golden.Folder, "Estimates", "measured-memory.jsonl"))
        .Select(line => JsonDocument.Parse(line).RootElement).Where(row => row.TryGetProperty("name", out _))
        .Select(row => new TestCaseData(row).SetArgDisplayNames(row.GetProperty("name").GetString()!));

    [TestCaseSource(nameof(Measured))]
    public void Peak_OfTrainingSteps_IsTheShareOfWhatWasMeasuredThatIsWrittenHere(JsonElement row)
    {
        int Number(string name) => row.GetProperty(name).GetInt32();
        var (hidden, heads) = (Number("hidden_size"), Number("heads"));
        var model = new ModelSize(Number("vocab_size"), hidden, Number("intermediate_size"), Number("layers"), heads, Number("key_value_heads"), hidden / heads, row.GetProperty("tie_embeddings").GetBoolean());
        var memory = new TrainingMemory(model, Number("rows"), Number("seq"))
        {
            Checkpointing = row.GetProperty("checkpointing").GetBoolean(),
            Adapter = row.TryGetProperty("rank", out var rank) ? model.Adapter(new() { Rank = rank.GetInt32() }) : 0,
        };
        var measured = row.GetProperty("peak_bytes").GetDouble();
        Assert.That(memory.Parts().Peak / measured, Is.EqualTo(s_counted[row.GetProperty("name").GetString()!]).Within(0.01), $"{memory.Parts()}");
    }
}
