using System.CommandLine;
using Pipeline.Cli.Hosting;
using Pipeline.Cli.Output;
using Pipeline.Cli.Planning;
using Pipeline.Spec.Estimates;
using Pipeline.Spec.Resolved;
using Spectre.Console;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline plan FILE</c>: what a run would do, why, and what it would take. Nothing is started.</summary>
internal static class PlanCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("plan", "Tell what a run would do now: which stages run, which are cached, and why; what each takes, as far as it can be known, and what its datasets look like.");
        var input = new PipelineInput(command);
        var estimates = new EstimateOptions(command);
        var (state, json) = (SharedOptions.State(), SharedOptions.Json());
        command.Options.Add(state);
        command.Options.Add(json);
        command.SetAction(async (parsed, _) =>
        {
            if (input.Load(parsed, terminal) is not { } pipeline) return ExitCode.Usage;
            var plan = await Plan(pipeline, parsed.GetValue(state)!);
            var settings = estimates.Read(parsed);
            var (known, glances) = InputFacts.Read(pipeline);
            var taken = PipelineEstimates.Of(pipeline, known, settings);
            if (parsed.GetValue(json)) Json.Write(terminal, new { Pipeline = pipeline.Name, Stages = plan, Estimates = taken, Assumed = settings, Datasets = glances });
            else
            {
                Print(plan, terminal);
                EstimateText.Print(taken, settings, terminal);
                EstimateText.Print(glances, terminal);
            }
            return ExitCode.Done;
        });
        return command;
    }

    private static async Task<IReadOnlyList<PlannedStage>> Plan(ResolvedPipeline pipeline, string state)
    {
        if (!Directory.Exists(state)) return RunPlan.WithoutCache(pipeline);
        using var workspace = Workspace.Open(state);
        return await RunPlan.Of(pipeline, workspace.Store);
    }

    private static void Print(IReadOnlyList<PlannedStage> plan, Terminal terminal)
    {
        var table = new Table().Border(TableBorder.None).AddColumns("stage", "uses", "", "why", "after");
        foreach (var stage in plan)
        {
            table.AddRow(
                new Text(stage.Id), new Text(stage.Uses), new Text(Json.Word(stage.Action)),
                new Text(Printable.Line(stage.Why)), new Text(string.Join(", ", stage.Needs)));
        }
        terminal.Ansi.Write(table);
        terminal.Out.WriteLine($"{plan.Count(stage => stage.Action == PlannedAction.Run)} of {plan.Count} stages would run.");
    }
}
