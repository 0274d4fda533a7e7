using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.Cli.Conformance;
using Pipeline.Cli.Output;
using Pipeline.Protocol.Artifacts;
using Pipeline.Protocol.Jobs;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline stage check -- COMMAND</c>: whether a program keeps the stage protocol.</summary>
internal static class StageCommand
{
    public static Command Create(Terminal terminal) => new("stage", "Programs of your own as stages.") { Check(terminal) };

    private static Command Check(Terminal terminal)
    {
        var command = new Command("check", """
            Put a program through what will happen to it as a stage, and tell which rules of the protocol it breaks.

            It is started, started again when it is done, asked to stop, resumed, given a torn checkpoint and a wrong option:
              pipeline stage check --with steps=50 --output line -- python3 stages/Command/train.py
            """);
        var program = new Argument<string[]>("COMMAND") { Description = "The program and its arguments, after --.", Arity = ArgumentArity.OneOrMore };
        var with = new Option<string[]>("--with") { Description = "An option of the stage; the value as JSON, or text. May be repeated.", HelpName = "key=value" };
        var input = new Option<string[]>("--input") { Description = "What it reads; may be repeated.", HelpName = "name=path" };
        var output = new Option<string[]>("--output") { Description = "The name of something that it makes; may be repeated.", HelpName = "NAME" };
        var limit = new Option<double>("--limit") { Description = "Seconds that one start may take.", HelpName = "SECONDS", DefaultValueFactory = _ => 600 };
        var grace = new Option<double>("--grace") { Description = "Seconds that it may take to save and end after SIGTERM.", HelpName = "SECONDS", DefaultValueFactory = _ => 60 };
        var keep = new Option<string?>("--keep") { Description = "Where its attempts are written, and stay, to be looked at.", HelpName = "DIR" };
        var json = SharedOptions.Json();
        command.Arguments.Add(program);
        foreach (var option in (Option[])[with, input, output, limit, grace, keep, json]) command.Options.Add(option);
        command.SetAction(async (parsed, cancellation) =>
        {
            var trial = new StageTrial(parsed.GetValue(program)!)
            {
                Options = new JsonObject((parsed.GetValue(with) ?? []).Select(pair => Split(pair, "--with")).Select(pair => KeyValuePair.Create(pair.Name, Value(pair.Value)))),
                Inputs = (parsed.GetValue(input) ?? []).Select(pair => Split(pair, "--input")).ToDictionary(pair => pair.Name, pair => Input(pair.Value)),
                Outputs = parsed.GetValue(output) ?? [],
                Limit = TimeSpan.FromSeconds(parsed.GetValue(limit)), Grace = TimeSpan.FromSeconds(parsed.GetValue(grace)),
            };
            var kept = parsed.GetValue(keep);
            var folder = Path.GetFullPath(kept ?? Path.Combine(Path.GetTempPath(), $"stage-check-{Guid.NewGuid():N}"));
            if (kept is not null && Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
                throw new CliException("FOLDER_NOT_EMPTY", $"{folder} is not empty. Name a folder that is not there yet by --keep.", ExitCode.Usage);
            try
            {
                var found = await new StageCheck(trial, folder).Run(cancellation);
                return parsed.GetValue(json) ? Tell(found, terminal) : Print(found, kept is null ? null : folder, terminal);
            }
            finally
            {
                if (kept is null && Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
            }
        });
        return command;
    }

    private static int Tell(IReadOnlyList<Violation> found, Terminal terminal)
    {
        var violations = found.Where(one => !one.IsRemark).ToList();
        Json.Write(terminal, new { Conforms = violations.Count == 0, Violations = violations, Remarks = found.Where(one => one.IsRemark) });
        return violations.Count == 0 ? ExitCode.Done : ExitCode.Failed;
    }

    private static int Print(IReadOnlyList<Violation> found, string? folder, Terminal terminal)
    {
        foreach (var one in found)
        {
            terminal.Out.WriteLine(Printable.Line($"{(one.IsRemark ? "remark" : "broken")} {one.Rule} ({one.Act}): {one.Seen}"));
            terminal.Out.WriteLine($"  {one.Remedy}");
        }
        if (folder is not null) terminal.Out.WriteLine($"Its attempts are in {folder}.");
        var broken = found.Count(one => !one.IsRemark);
        terminal.Out.WriteLine(broken == 0 ? "It keeps the stage protocol." : $"It breaks {broken} {(broken == 1 ? "rule" : "rules")} of the stage protocol.");
        return broken == 0 ? ExitCode.Done : ExitCode.Failed;
    }

    private static (string Name, string Value) Split(string text, string option) => text.Split('=', 2) is [{ Length: > 0 } name, var value]
        ? (name, value)
        : throw new CliException("SETTING_INVALID", $"'{text}' after {option} is not name=value.", ExitCode.Usage);

    private static JsonNode? Value(string text)
    {
        try { return JsonNode.Parse(text); }
        catch (JsonException) { return text; } // a word without quotes
    }

    private static JobInput Input(string path) => File.Exists(path) || Directory.Exists(path)
        ? new JobInput(Path.GetFullPath(path), ArtifactKind.File, ArtifactDigest.Of(path))
        : throw new CliException("INPUT_MISSING", $"There is no file or folder {Path.GetFullPath(path)}.", ExitCode.NotFound);
}
