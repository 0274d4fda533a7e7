using Pipeline.Protocol.Artifacts;

namespace Pipeline.Reports.Tables;

/// <summary>What each filter of a rejection sampling dropped, and an example of it.</summary>
internal static class FunnelTables
{
    private const int ExampleLength = 80;

    public static IEnumerable<Table> Of(StageFunnel stage) => [Counts(stage), Examples(stage)];

    private static Table Counts(StageFunnel stage)
    {
        var funnel = stage.Funnel;
        return new Table(
            $"Completions kept by {stage.Stage}",
            [new("filter", IsNumber: false), new("dropped"), new("left"), new("of sampled"), new("drops", IsNumber: false)],
            [
                ["sampled", "", Text.Count(funnel.Sampled), Share(funnel, funnel.Sampled), ""],
                .. funnel.Steps.Select(step => (IReadOnlyList<string>)
                    [step.Reason, Text.Count(step.Dropped), Text.Count(step.Left), Share(funnel, step.Left), step.Rule]),
            ],
            $"Of {Text.Count(funnel.Prompts)} prompts {Text.Count(funnel.PromptsKept)} have a completion that was kept."
            + (funnel.General > 0 ? $" {Text.Count(funnel.General)} general rows were mixed in, {Text.Count(funnel.Trivial)} of them without their chain of thought." : ""));
    }

    private static Table Examples(StageFunnel stage) => new(
        $"Dropped by {stage.Stage}, for example",
        [new("filter", IsNumber: false), new("completion", IsNumber: false)],
        [
            .. stage.Funnel.Steps.Where(step => step.Examples.Count > 0)
                .Select(step => (IReadOnlyList<string>)[step.Reason, Text.Short(step.Examples[0].Completion, ExampleLength)]),
        ],
        "The first that each filter dropped, cut after its first characters. Written by the model.");

    private static string Share(FunnelReport funnel, int completions) =>
        Text.Percent(funnel.Sampled == 0 ? null : completions / (double)funnel.Sampled);
}
