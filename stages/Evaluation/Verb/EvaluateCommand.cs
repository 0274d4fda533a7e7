using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.Datasets.Parquet.Rows;
using Pipeline.Protocol;
using Pipeline.Protocol.Artifacts;
using Pipeline.Protocol.Jobs;
using Pipeline.Protocol.Stages;
using Pipeline.Stages.Hosting;

namespace Pipeline.Stages.Evaluation.Verb;

/// <summary><c>evaluate</c>: the stage of that name by hand, without a pipeline. It writes the stage's job file and performs it.</summary>
internal static class EvaluateCommand
{
    /// <param name="arguments">The command line, <c>evaluate</c> included.</param>
    /// <returns>The exit code, one of <see cref="StageExit"/>.</returns>
    public static int Run(string[] arguments)
    {
        try
        {
            var parsed = new RootCommand("pipeline-stage") { Create(Console.Out) }.Parse(arguments);
            var code = parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
            return parsed.Errors.Count > 0 ? StageExit.Config : code;
        }
        catch (Exception error)
        {
            var failure = Failure.Of(error);
            Console.Error.WriteLine($"error {failure.Code}: {failure.Message}");
            if (failure.IsFault) Console.Error.WriteLine(error);
            return failure.ExitCode;
        }
    }

    /// <param name="output">Where the numbers are printed.</param>
    public static Command Create(TextWriter output)
    {
        var command = new Command("evaluate", "Evaluate a model on a file of problems; or compare two evaluations.");
        var model = new Option<string>("--model", "-m") { Description = "The model's folder.", HelpName = "FOLDER", Required = true };
        var problems = new Option<string>("--problems", "-p") { Description = "Problems: .jsonl, .parquet or a folder of it.", HelpName = "FILE", Required = true };
        var folder = new Option<string>("--output", "-o") { Description = "Where the results go.", HelpName = "FOLDER", DefaultValueFactory = _ => "evaluation" };
        var cpus = new Option<int>("--cpus") { Description = "Threads.", DefaultValueFactory = _ => Environment.ProcessorCount };
        var seed = new Option<long>("--seed") { Description = "Of every random number.", DefaultValueFactory = _ => 1 };
        var device = new Option<string>("--device") { Description = "cpu, cuda or cuda:N.", DefaultValueFactory = _ => "cpu" };
        (Option Option, string Setting)[] settings =
        [
            (new Option<string?>("--preset") { Description = "The benchmark the file is of: gsm8k, math-500, aime, gpqa, livecodebench.", HelpName = "NAME" }, "preset"),
            (new Option<string?>("--name") { Description = "The model's name in the results.", HelpName = "NAME" }, "name"),
            (new Option<int?>("--samples", "-k") { Description = "Completions a problem. Default 16." }, "samples"),
            (new Option<int?>("--limit") { Description = "Problems taken from the start. Default all." }, "limit"),
            (new Option<string?>("--instruction") { Description = "Said after each problem. Default the preset's.", HelpName = "TEXT" }, "instruction"),
            (new Option<string?>("--format") { Description = "The form whose rate is reported: r1-zero (default) or r1.", HelpName = "FORM" }, "format"),
            (new Option<string?>("--language") { Description = "What programs are written in: python (default) or javascript.", HelpName = "NAME" }, "code.language"),
            (new Option<double?>("--temperature", "-t") { Description = "Default 0.6." }, "sampling.temperature"),
            (new Option<double?>("--top-p") { Description = "Default 0.95." }, "sampling.top_p"),
            (new Option<int?>("--max-tokens") { Description = "Longest completion, in tokens. Default 32768, as in the paper." }, "sampling.max_tokens"),
            (new Option<int?>("--batch-size") { Description = "Completions sampled at once. Affects memory and speed only." }, "sampling.batch_size"),
        ];
        foreach (var option in (Option[])[model, problems, folder, .. settings.Select(setting => setting.Option), cpus, seed, device]) command.Options.Add(option);
        command.Subcommands.Add(CompareCommand.Create(output));
        command.SetAction(parsed =>
        {
            // The settings' own defaults are those of the paper; only the length's is the miniature's.
            var options = new JsonObject { ["name"] = Path.GetFileName(Path.GetFullPath(parsed.GetValue(model)!)), ["sampling"] = new JsonObject { ["temperature"] = 0.6, ["top_p"] = 0.95, ["max_tokens"] = 32768 }, ["code"] = new JsonObject() };
            foreach (var (option, setting) in settings)
                if (parsed.GetResult(option) is { Implicit: false } result) Set(options, setting.Split('.'), JsonValue.Create(result.GetValueOrDefault<object?>()));
            return Run(Path.GetFullPath(parsed.GetValue(folder)!), new JobFile
            {
                Run = "by-hand", Stage = "evaluate", Instance = "evaluate", Attempt = 1, Token = "", Kind = "evaluation",
                KindVersion = StageKinds.Find("evaluation")!.Version, Options = options, Seed = parsed.GetValue(seed), Cpus = parsed.GetValue(cpus), Device = parsed.GetValue(device)!,
                Inputs = new Dictionary<string, JobInput>
                {
                    ["model"] = new(Path.GetFullPath(parsed.GetValue(model)!), ArtifactKind.Model),
                    ["prompts"] = new(Path.GetFullPath(parsed.GetValue(problems)!), ArtifactKind.Dataset),
                },
            }, output);
        });
        return command;
    }

    private static int Run(string folder, JobFile job, TextWriter output)
    {
        var evaluation = Path.Combine(folder, "evaluation");
        job = job with { Outputs = new Dictionary<string, string> { ["evaluation"] = evaluation } };
        // The same command finds its result; any other replaces it.
        var token = ProblemId.Of(JsonSerializer.Serialize(job, ProtocolJson.Line));
        var attempt = new AttemptFolder(folder);
        Directory.CreateDirectory(folder);
        WholeFile.WriteJson(attempt.Job, job with { Token = token, Fingerprint = token });
        using var stop = StopRequest.FromSignals();
        var exit = StageHost.Run(attempt.Job, stop, TimeProvider.System);
        if (exit == StageExit.Done) EvaluationText.Write(JsonSerializer.Deserialize<EvaluationReport>(File.ReadAllBytes(Path.Combine(evaluation, EvaluationReport.FileName)), ProtocolJson.Line)!, output);
        return exit;
    }

    private static void Set(JsonObject options, ReadOnlySpan<string> path, JsonNode? value)
    {
        if (path.Length == 1) options[path[0]] = value;
        else Set(options[path[0]]!.AsObject(), path[1..], value);
    }
}
