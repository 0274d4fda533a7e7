using System.Diagnostics;
using System.Text.Json;
using Pipeline.Protocol.Options;
using Pipeline.Rewards.Sandboxes;

namespace Pipeline.Rewards.Code;

/// <summary>
/// Runs Python in the <see cref="Sandbox"/>: a sandbox for each test on streams, one for all calls of functions. What should
/// come out never goes in (but for assertions), so that a program cannot read the answer.
/// </summary>
internal sealed class PythonRunner : ICodeRunner
{
    private const string Python = "/usr/bin/python3";
    private const int KilledByAlarm = 128 + 14; // SIGALRM, which call.py sets for each call

    private readonly Sandbox _sandbox;
    private readonly SandboxLimits _limits;
    private readonly TimeSpan _whole;

    private PythonRunner(Sandbox sandbox, ICodeLimits options)
    {
        _sandbox = sandbox;
        _limits = new SandboxLimits { Time = TimeSpan.FromSeconds(options.TestSeconds), MemoryBytes = (long)options.MemoryMegabytes << 20 };
        _whole = TimeSpan.FromSeconds(options.TotalSeconds);
    }

    /// <exception cref="RewardException">There is no sandbox on this machine.</exception>
    public static async Task<PythonRunner> OpenAsync(ICodeLimits options) => new(await Sandbox.OpenAsync(), options);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Verdict>> RunAsync(string program, IReadOnlyList<CodeTest> tests, bool stopAtFailure, CancellationToken cancellation)
    {
        if (!tests.All(test => test is StreamTest)) return await CallAsync(program, tests, cancellation);
        var clock = Stopwatch.StartNew();
        var verdicts = new List<Verdict>();
        foreach (var test in tests.Cast<StreamTest>())
        {
            verdicts.Add(_whole - clock.Elapsed is { Ticks: > 0 } left ? await RunAsync(program, test, left, cancellation) : Verdict.TimedOut);
            if (stopAtFailure && verdicts[^1] != Verdict.Passed) break;
        }
        return verdicts;
    }

    private async Task<Verdict> RunAsync(string program, StreamTest test, TimeSpan left, CancellationToken cancellation)
    {
        var result = await _sandbox.RunAsync(
            new SandboxProgram([Python, "-I", "main.py"]) { Files = new Dictionary<string, string> { ["main.py"] = program }, Input = test.Input },
            _limits with { Time = left < _limits.Time ? left : _limits.Time }, cancellation);
        return result switch
        {
            { End: SandboxEnd.TimedOut } => Verdict.TimedOut,
            { End: SandboxEnd.Exited, ExitCode: 0 } when Comparison.SameText(result.Output, test.Output) => Verdict.Passed,
            _ => Verdict.Failed,
        };
    }

    private async Task<IReadOnlyList<Verdict>> CallAsync(string program, IReadOnlyList<CodeTest> tests, CancellationToken cancellation)
    {
        var all = _limits.Time * (tests.Count + 1);
        var result = await _sandbox.RunAsync(
            new SandboxProgram([Python, "-I", "call.py"])
            {
                Files = new Dictionary<string, string> { ["solution.py"] = program, ["call.py"] = EmbeddedText.Read("call.py") },
                Input = JsonSerializer.Serialize(new { seconds = _limits.Time.TotalSeconds, calls = tests.Select(Call) }),
            },
            _limits with { Time = all < _whole ? all : _whole }, cancellation);
        // One line an answer; where they break off, the program ended or was ended.
        var answers = result.Output.Split('\n')[..^1];
        var missing = result.End == SandboxEnd.TimedOut || result.ExitCode == KilledByAlarm ? Verdict.TimedOut : Verdict.Failed;
        return [.. tests.Select((test, index) => index >= answers.Length ? missing : IsRight(test, answers[index]) ? Verdict.Passed : Verdict.Failed)];
    }

    private static object Call(CodeTest test) => test switch
    {
        FunctionTest function => new { function = function.Function, arguments = function.Arguments },
        AssertionTest assertion => new { statement = assertion.Statement },
        _ => throw new RewardException(RewardException.Tests, "The tests of one problem are partly on streams and partly on functions; make them one kind."),
    };

    private static bool IsRight(CodeTest test, string answer)
    {
        try
        {
            using var document = JsonDocument.Parse(answer);
            if (!document.RootElement.TryGetProperty("value", out var value)) return false;
            return test is not FunctionTest function || Comparison.SameValue(value, function.Expected)
                || (function is { MayBeWrapped: true, Expected.ValueKind: JsonValueKind.Array } && function.Expected.GetArrayLength() == 1 && Comparison.SameValue(value, function.Expected[0]));
        }
        catch (JsonException)
        {
            return false; // NaN, or a value cut off by the limit on output
        }
    }
}
