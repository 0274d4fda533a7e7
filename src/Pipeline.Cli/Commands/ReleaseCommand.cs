using System.CommandLine;
using Pipeline.Cli.Hosting;
using Pipeline.Cli.Output;
using Pipeline.Cli.Releasing;
using Pipeline.Engine.Runs;
using Pipeline.Protocol.Artifacts;
using Pipeline.Reports.Reading;
using Pipeline.Spec.Resolved;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline release RUN --stage S --to DIR</c>: a stage's model as a folder that can be given away.</summary>
internal static class ReleaseCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("release", """
            Write a stage's model as a Hugging Face folder, with a card made from its lineage, hashes, and the pipeline that makes it again.

              pipeline release latest --stage r1 --to r1-small
            """);
        var (run, state, json) = (SharedOptions.Run(), SharedOptions.State(), SharedOptions.Json());
        var stage = new Option<string>("--stage") { Description = "The stage that made the model.", HelpName = "STAGE", Required = true };
        var target = new Option<string>("--to") { Description = "The folder, which is not there yet or empty.", HelpName = "DIR", Required = true };
        var licence = new Option<string?>("--license") { Description = "The licence that you give the model, by the Hub's identifier [default: what follows from its sources].", HelpName = "ID" };
        command.Arguments.Add(run);
        foreach (var option in (Option[])[stage, target, licence, state, json]) command.Options.Add(option);
        command.SetAction(async (parsed, _) =>
        {
            using var workspace = Workspace.OpenExisting(parsed.GetValue(state)!);
            var known = await workspace.Run(parsed.GetValue(run)!);
            var (made, output) = Find(known, parsed.GetValue(stage)!);
            var lineage = Lineage.Of(known, made);
            var licences = Licences.Of(lineage.Sources, parsed.GetValue(licence));
            var (models, released) = Evaluations(known, lineage, ReportReader.Read(known, workspace.Folder).Models);
            var texts = new Dictionary<string, string>
            {
                ["README.md"] = ModelCard.Of(known, lineage, licences, models, released, IsClassifier(output.Path)),
                ["pipeline.yaml"] = PipelineText.Of(known.Pipeline, lineage.Instances, best => Lineage.BestOf(known, best)?.Instance,
                    $"Makes the model of stage {made.Instance} of run {known.Run} again: pipeline run pipeline.yaml\nPaths are those of the machine it was made on; repositories of the Hub are fetched at their commit."),
            };
            var folder = Path.GetFullPath(parsed.GetValue(target)!);
            var files = ReleaseFolder.Write(folder, output.Path, output.Digest, texts, LicenceTexts(lineage));
            if (parsed.GetValue(json)) Json.Write(terminal, new { known.Run, Stage = made.Instance, Folder = folder, License = licences.Licence, licences.Warnings, Files = files });
            else
            {
                foreach (var warning in licences.Warnings) terminal.Error.WriteLine(Printable.Line($"warning: {warning}"));
                terminal.Out.WriteLine($"Wrote {folder}: {files.Count} files{(licences.Licence is { } id ? $", under {id}" : "")}.");
            }
            return ExitCode.Done;
        });
        return command;
    }

    private static (StageState Stage, StageOutput Output) Find(RunState run, string word)
    {
        var stage = run.Stages.FirstOrDefault(one => one.Instance == word) ?? throw new CliException("STAGE_UNKNOWN",
            $"Run {run.Run} has no stage '{word}'; it has {string.Join(", ", run.Stages.Select(one => one.Instance))}.", ExitCode.NotFound);
        if (stage.Phase is not (StagePhase.Succeeded or StagePhase.Cached))
            throw new CliException("RELEASE_NOT_DONE", $"Stage {word} of run {run.Run} is {Json.Word(stage.Phase)}: there is no model of it to release.", ExitCode.Usage);
        var models = stage.Outputs.Where(output => output.Value.Kind == ArtifactKind.Model).ToList();
        return models is [var only] ? (stage, only.Value) : throw new CliException("RELEASE_NO_MODEL",
            $"Stage {word} makes {(stage.Outputs.Count == 0 ? "nothing" : string.Join(", ", stage.Outputs.Select(output => $"{output.Key} ({output.Value.Kind})")))}; one that makes a model can be released: "
            + $"{string.Join(", ", run.Stages.Where(one => one.Outputs.Values.Any(output => output.Kind == ArtifactKind.Model)).Select(one => one.Instance))}.", ExitCode.Usage);
    }

    /// <summary>The evaluations of the model and of the models behind it, in the run's order, and the names of its own.</summary>
    private static (IReadOnlyList<EvaluationReport> Models, IReadOnlySet<string> Released) Evaluations(
        RunState run, Lineage lineage, IReadOnlyList<EvaluationReport> models)
    {
        var (names, released) = (new HashSet<string>(), new HashSet<string>());
        foreach (var evaluation in run.Stages.Where(stage => stage.Stage.Uses == "evaluation" && (string?)stage.Stage.Options["name"] is not null))
        {
            if (!evaluation.Stage.Inputs.TryGetValue("model", out var input)) continue;
            var maker = Lineage.MakerOf(run, input)?.Instance;
            if (maker is not null ? !lineage.Instances.Contains(maker) : !lineage.Sources.Any(source => source.Path == input.Path)) continue;
            var name = (string)evaluation.Stage.Options["name"]!;
            names.Add(name);
            if (maker == lineage.Stages[^1].Instance) released.Add(name);
        }
        return ([.. models.Where(model => names.Contains(model.Name))], released);
    }

    /// <summary>The licences' texts of the bases, each under its own name; of two with one name, under that of its base as well.</summary>
    private static Dictionary<string, string> LicenceTexts(Lineage lineage)
    {
        var texts = new Dictionary<string, string>();
        foreach (var source in lineage.Sources)
            foreach (var file in Licences.Texts(source.Path))
            {
                var (name, text) = (Path.GetFileName(file), File.ReadAllText(file));
                if (texts.TryGetValue(name, out var other) && other != text) name = $"{name}.{source.Name.Replace('/', '-')}";
                texts[name] = text;
            }
        return texts;
    }

    private static bool IsClassifier(string model)
    {
        var configuration = Path.Combine(model, "config.json");
        return File.Exists(configuration) && File.ReadAllText(configuration).Contains("ForSequenceClassification", StringComparison.Ordinal);
    }
}
