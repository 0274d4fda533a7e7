using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.Protocol;
using Pipeline.Protocol.Artifacts;
using Pipeline.Protocol.Jobs;
using Pipeline.Reports.Tables;

namespace Pipeline.Reports.Writers;

/// <summary>The report as JSON, for programs. Keys are only ever added; a number that is not known is null.</summary>
public static class JsonReport
{
    /// <summary>The report as indented text; it ends with a line break.</summary>
    public static string Write(Report report) => Of(report).ToJsonString(ProtocolJson.Indented) + "\n";

    /// <summary>The report.</summary>
    public static JsonObject Of(Report report) => new()
    {
        ["run"] = report.Run,
        ["state"] = Text.Word(report.State),
        ["models"] = new JsonArray([.. report.Models.Select(Model)]),
        ["comparisons"] = new JsonArray([.. report.Comparisons.Select(Comparison)]),
        ["claims"] = new JsonArray([.. report.Claims.Select(Claim)]),
        ["reward_models"] = new JsonArray([.. report.RewardModels.Select(RewardModel)]),
        ["funnels"] = new JsonArray([.. report.Funnels.Select(Funnel)]),
        ["learning"] = new JsonArray([.. report.Curves.Select(curve => new JsonObject { ["stage"] = curve.Stage, ["model"] = curve.Model })]),
        ["stages"] = new JsonArray([.. report.Stages.Select(Stage)]),
    };

    private static JsonObject Model(EvaluationReport model) => new()
    {
        ["name"] = model.Name,
        ["n"] = model.N,
        ["k"] = model.K,
        ["pass@1"] = Of(model.PassAt1),
        ["cons@k"] = Number(model.ConsAtK),
        ["format"] = Number(model.Format),
        ["mixing"] = Number(model.Mixing),
        ["repetition"] = Number(model.Repetition),
        ["truncation"] = Number(model.Truncation),
        ["mean_length"] = Number(model.MeanLength),
        ["reflection"] = Number(model.Reflection),
        ["corrected"] = Number(model.Corrected),
        ["recovery"] = Number(model.Recovery),
        ["pass_at"] = new JsonObject(model.PassAt.Select(pass => KeyValuePair.Create($"{pass.K}", Number(pass.Value)))),
        ["by_level"] = new JsonArray([.. model.ByLevel.Select(Group)]),
        ["by_subject"] = new JsonArray([.. model.BySubject.Select(Group)]),
    };

    private static JsonObject Group(GroupAccuracy group) => new() { ["name"] = group.Name, ["n"] = group.N, ["pass@1"] = Of(group.PassAt1) };

    private static JsonObject Comparison(ModelComparison row) => new()
    {
        ["model"] = row.Model,
        ["against"] = row.Against,
        ["difference"] = Of(new Estimate(row.Comparison.Difference, row.Comparison.Low, row.Comparison.High)),
        ["p_value"] = Number(row.Comparison.PValue),
        ["n"] = row.Comparison.Count,
    };

    private static JsonObject Claim(ClaimResult claim) => new()
    {
        ["claim"] = claim.Text,
        ["holds"] = Text.Word(claim.Verdict),
        ["expectations"] = new JsonArray([.. claim.Rows.Select(row => new JsonObject
        {
            ["metric"] = row.Metric,
            ["model"] = row.Model,
            ["against"] = row.Against,
            ["op"] = row.Op.Sign(),
            ["value"] = row.Value,
            ["holds"] = Text.Word(row.Verdict),
            ["text"] = new JsonObject
            {
                ["expected"] = ClaimTable.Expected(row), ["measured"] = ClaimTable.Measured(row), ["interval"] = ClaimTable.Interval(row), ["holds"] = ClaimTable.Holds(row),
            },
            ["cases"] = new JsonArray([.. row.Cases.Select(one => new JsonObject
            {
                ["stage"] = one.Stage,
                ["measured"] = one.Measured is { } measured ? Of(measured) : null,
                ["holds"] = Text.Word(one.Verdict),
            })]),
        })]),
    };

    private static JsonObject RewardModel(RewardModelRow row) => new()
    {
        ["stage"] = row.Stage,
        ["n"] = row.N,
        ["accuracy"] = Of(row.Accuracy),
    };

    private static JsonObject Funnel(StageFunnel stage) => new()
    {
        ["stage"] = stage.Stage,
        ["prompts"] = stage.Funnel.Prompts,
        ["sampled"] = stage.Funnel.Sampled,
        ["filters"] = JsonSerializer.SerializeToNode(stage.Funnel.Steps, ProtocolJson.Indented),
        ["kept"] = stage.Funnel.Kept,
        ["prompts_kept"] = stage.Funnel.PromptsKept,
        ["general"] = stage.Funnel.General,
        ["trivial"] = stage.Funnel.Trivial,
    };

    private static JsonObject Stage(StageRow row) => new()
    {
        ["id"] = row.Stage,
        ["uses"] = row.Uses,
        ["state"] = Text.Word(row.State),
        ["attempts"] = row.Attempts,
        ["seconds"] = Number(row.Seconds),
        ["tokens"] = row.Tokens,
    };

    private static JsonObject Of(Estimate estimate) => new()
    {
        ["value"] = Number(estimate.Value),
        ["ci95"] = new JsonArray(Number(estimate.Low), Number(estimate.High)),
        ["standard_error"] = Number(estimate.StandardError),
    };

    private static JsonNode? Number(double? value) => value is { } number && double.IsFinite(number) ? number : null;
}
