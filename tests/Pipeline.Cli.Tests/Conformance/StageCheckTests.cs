using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Pipeline.Cli.Conformance;

namespace Pipeline.Cli.Tests.Conformance;

/// <summary>
/// The example in Python keeps the protocol, and each way of breaking it is caught. A broken program is the example with one
/// thing changed.
/// </summary>
public class StageCheckTests
{
    // 40 steps of 10 ms: long enough to be stopped in its middle, short enough for twenty programs.
    private const string Steps = "40", SecondsPerStep = "0.01";

    private static string Example { get; } = File.ReadAllText(ExampleFile);

    private static readonly (string Name, string Rule, string What, string Instead)[] s_cases =
    [
        ("AProgramThatFailsAtOnce", "EXIT_CODE", "sys.exit(0)  # done before", "sys.exit(0)\nsys.exit('no GPU here')"),
        ("NoResult", "RESULT_MISSING", "write(f\"{folder}/result.json\"", "print(f\"{folder}/result.json\""),
        ("AnotherToken", "RESULT_TOKEN", "\"token\": job[\"token\"]", "\"token\": \"mine\""),
        ("AResultWithoutItsFields", "RESULT_INVALID", "\"protocol\": 1, \"token\": job[\"token\"], ", ""),
        ("AnOutputElsewhere", "OUTPUT_MISSING", "    os.makedirs(os.path.dirname(path), exist_ok=True)", "    os.makedirs(os.path.dirname(path), exist_ok=True)\n    path += \".json\""),
        ("AnOutputByAnotherName", "OUTPUT_UNNAMED", "    outputs[name] =", "    outputs[name + \"s\"] ="),
        ("AnotherDigest", "OUTPUT_DIGEST", "\"sha256:\" + sha256(path)", "\"sha256:\" + \"0\" * 64"),
        ("AnOutputAfterTheResult", "RESULT_EARLY", "\"metrics\": {\"loss\": state[\"loss\"]}})", "\"metrics\": {}})\nimport time; time.sleep(0.05); write(job[\"outputs\"][\"line\"], {\"slope\": state[\"slope\"], \"offset\": state[\"offset\"]})"),
        ("AStepThatIsText", "METRICS_LINE", "append(\"metrics.jsonl\", {\"step\": state[\"step\"],", "append(\"metrics.jsonl\", {\"step\": f\"{state['step']}\","),
        ("StepsThatGoBack", "METRICS_STEP", "append(\"metrics.jsonl\", {\"step\": state[\"step\"],", "append(\"metrics.jsonl\", {\"step\": options[\"steps\"] - state[\"step\"],"),
        ("AKindOfEventThatThereIsNot", "EVENTS_LINE", "\"kind\": \"checkpoint\"", "\"kind\": \"saved\""),
        ("AHeartThatStands", "HEARTBEAT_LATE", "while not beating.wait(2)", "while not beating.wait(60)"),
        ("AHeartbeatWrittenInPlace", "FILE_TORN", "write(f\"{folder}/heartbeat\", {\"step\": state[\"step\"], \"total\": options[\"steps\"], \"phase\": \"training\"})\nthreading", "beats = open(f\"{folder}/heartbeat\", \"w\"); beats.write(\"{\"); beats.flush(); stop.wait(0.2)\nwrite(f\"{folder}/heartbeat\", {\"step\": 0, \"total\": 1, \"phase\": \"training\"})\nthreading"),
        ("AJobThatIsDoneAgain", "SECOND_START_CHANGED", "sys.exit(0)  # done before", "pass"),
        ("AJobThatIsRefusedWhenDone", "SECOND_START_EXIT", "sys.exit(0)  # done before", "sys.exit('there is a result already')"),
        ("SigtermIgnored", "STOP_IGNORED", "lambda *_: stop.set()", "lambda *_: options.update(seconds_per_step=0.5)"),
        ("AnotherCodeAfterSigterm", "STOP_EXIT_CODE", "sys.exit(75)", "sys.exit(1)"),
        ("AResultAfterSigterm", "STOP_RESULT", "        sys.exit(75)", "        write(f\"{folder}/result.json\", {\"protocol\": 1, \"token\": job[\"token\"], \"outputs\": {}})\n        sys.exit(75)"),
        ("NoCheckpointAtSigterm", "CHECKPOINT_MISSING", "        save()\n        append", "        append"),
        ("ACheckpointOfAnotherFingerprint", "CHECKPOINT_DAMAGED", "\"fingerprint\": job[\"fingerprint\"], ", "\"fingerprint\": \"\", "),
        ("ACheckpointThatNobodyIsTold", "CHECKPOINT_UNTOLD", "\"data\": {\"path\": final}})", "\"data\": {}})"),
        ("ResumeFromTheBeginning", "RESUME_AFRESH", "as file: state = json.load(file)", "as file: json.load(file)"),
        ("ResumeFromItsOwnFolder", "RESUME_EXIT_CODE", "    with open(f\"{checkpoint}/manifest.json\")", "    with open(f\"{folder}/checkpoints/manifest.json\")"),
        ("AMarkInAnothersCheckpoint", "ATTEMPT_CHANGED", "    with open(f\"{checkpoint}/state.json\")", "    open(f\"{checkpoint}/used\", \"w\").close()\n    with open(f\"{checkpoint}/state.json\")"),
        ("ATornCheckpointMeansAFreshStart", "TORN_ACCEPTED", "        sys.exit(70)", "        checkpoint = None\n    else:\n        with open(f\"{checkpoint}/state.json\") as file: state = json.load(file)\nif False:\n    if False: pass"),
        ("AnUnknownOptionIgnored", "OPTION_IGNORED", "    sys.exit(78)", "    [job[\"options\"].pop(one) for one in unknown]"),
        ("AnUnknownOptionIsAnyFailure", "OPTION_EXIT_CODE", "    sys.exit(78)", "    sys.exit(2)"),
        ("AnErrorOnTheWrongStream", "ERROR_UNSAID", "{', '.join(options)}\", file=sys.stderr)", "{', '.join(options)}\")"),
    ];

    // They wait more than they work, so all are begun at once, as many at a time as leave each its turn.
    private static readonly SemaphoreSlim s_turn = new(8);
    private static readonly Lazy<Dictionary<string, Task<IReadOnlyList<Violation>>>> s_checks =
        new(() => s_cases.ToDictionary(one => one.Name, one => Task.Run(() => InTurn(Example.Replace(one.What, one.Instead)))));

    private static IEnumerable<string> Names => s_cases.Select(one => one.Name);

    private static string ExampleFile => Path.GetFullPath(Path.Combine(Here(), "..", "..", "..", "stages", "Command", "train.py"));

    [Test]
    public async Task Example_KeepsTheProtocol() => Assert.That(await Check(Example), Is.Empty);

    [TestCaseSource(nameof(Names))]
    public async Task Check_AProgramWith(string name)
    {
        var (_, rule, what, _) = s_cases.Single(one => one.Name == name);
        Assert.That(Example, Does.Contain(what), "the example has changed: change this case with it");
        var found = await s_checks.Value[name];
        Assert.That(found.Select(one => one.Rule), Contains.Item(rule));
        Assert.That(found, Is.All.Matches<Violation>(one => one!.Seen.Length > 0 && one.Remedy.Length > 0));
    }

    [Test]
    public async Task Check_WhatEndsAtOnce_IsRemarkedUpon_AndBreaksNothing()
    {
        const string minimal = """
            import json, os, sys
            job = json.load(open(os.environ["PIPELINE_JOB"]))
            if job["options"].keys() - {"steps", "seconds_per_step"}:
                print("an unknown option", file=sys.stderr)
                sys.exit(78)
            os.makedirs(os.path.dirname(job["outputs"]["line"]), exist_ok=True)
            folder = os.path.dirname(os.environ["PIPELINE_JOB"])
            if os.path.exists(folder + "/result.json"): sys.exit(0)
            with open(job["outputs"]["line"], "w") as file: file.write("done")
            with open(folder + "/result.tmp", "w") as file: json.dump({"token": job["token"], "outputs": {"line": {"kind": "file", "digest": ""}}}, file)
            os.replace(folder + "/result.tmp", folder + "/result.json")
            """;
        var found = await Check(minimal);
        Assert.That(found.Where(one => !one.IsRemark), Is.Empty);
        Assert.That(found.Select(one => one.Rule), Is.EqualTo(new[] { "HEARTBEAT_NONE", "METRICS_NONE", "STOP_UNTRIED" }));
    }

    private static async Task<IReadOnlyList<Violation>> InTurn(string program)
    {
        await s_turn.WaitAsync();
        try { return await Check(program); }
        finally { s_turn.Release(); }
    }

    private static async Task<IReadOnlyList<Violation>> Check(string program)
    {
        var folder = Directory.CreateTempSubdirectory("stage-check-").FullName;
        try
        {
            var file = Path.Combine(folder, "train.py");
            await File.WriteAllTextAsync(file, program);
            var trial = new StageTrial(["python3", file])
            {
                Options = new JsonObject { ["steps"] = int.Parse(Steps), ["seconds_per_step"] = JsonNode.Parse(SecondsPerStep) }, Outputs = ["line"],
                Limit = TimeSpan.FromSeconds(60), Grace = TimeSpan.FromSeconds(program.Contains("seconds_per_step=0.5") ? 1 : 30),
                HeartbeatLimit = TimeSpan.FromSeconds(program.Contains("beating.wait(60)") ? 0.2 : 30),
            };
            return await new StageCheck(trial, Path.Combine(folder, "attempts")).Run(CancellationToken.None);
        }
        finally { Directory.Delete(folder, recursive: true); }
    }

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
