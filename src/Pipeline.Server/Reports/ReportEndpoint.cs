using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.Protocol;
using Pipeline.Protocol.Artifacts;
using Pipeline.Server.Runs;

namespace Pipeline.Server.Reports;

internal static class ReportEndpoint
{
    public static void MapReport(this IEndpointRouteBuilder api) => api.MapGet("/runs/{run}/report", Report);

    private static async Task<JsonObject> Report(RunCatalog runs, StateFiles files, string run)
    {
        var state = (await runs.Find(run)).State;
        var models = new JsonArray();
        foreach (var output in state.Stages.SelectMany(s => s.Outputs.Values).Where(o => o.Kind == ArtifactKind.Evaluation))
        {
            using var file = files.Open(Path.Combine(output.Path, EvaluationReport.FileName));
            if (file is null) continue;
            var r = JsonSerializer.Deserialize<EvaluationReport>(file, ProtocolJson.Line)!;
            models.Add(new JsonObject
            {
                ["name"] = r.Name, ["n"] = r.N, ["k"] = r.K,
                ["pass@1"] = new JsonObject { ["value"] = r.PassAt1.Value, ["ci95"] = new JsonArray(r.PassAt1.Low, r.PassAt1.High) },
                ["cons@k"] = r.ConsAtK, ["format"] = r.Format, ["mixing"] = r.Mixing, ["repetition"] = r.Repetition,
                ["truncation"] = r.Truncation, ["mean_length"] = r.MeanLength, ["reflection"] = r.Reflection,
            });
        }
        return new JsonObject { ["run"] = state.Run, ["models"] = models };
    }
}
