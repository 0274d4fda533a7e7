using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Jint;
using Jint.Native.Json;
using Jint.Runtime;
using Pipeline.Protocol.Options;

namespace Pipeline.Rewards.Code;

/// <summary>
/// Runs JavaScript in Jint, an interpreter within this process that knows neither files nor network nor .NET, so that nothing
/// need be installed. Time, memory, depth and output are limited.
/// </summary>
internal sealed class JavaScriptRunner(ICodeLimits options) : ICodeRunner
{
    private const int StackBytes = 64 << 20;
    private const int Depth = 2000; // calls; Jint takes up to 10 KB of stack for each
    private const int OutputChars = 1 << 20;
    private const int MostElements = 10_000_000;

    /// <inheritdoc/>
    public Task<IReadOnlyList<Verdict>> RunAsync(string program, IReadOnlyList<CodeTest> tests, bool stopAtFailure, CancellationToken cancellation)
    {
        // Jint counts memory by thread, and its depth needs a deep stack.
        var done = new TaskCompletionSource<IReadOnlyList<Verdict>>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            try
            {
                done.SetResult(Run(program, tests, stopAtFailure, cancellation));
            }
            catch (Exception error)
            {
                done.SetException(error);
            }
        }, StackBytes) { IsBackground = true, Name = "JavaScript" }.Start();
        return done.Task;
    }

    private List<Verdict> Run(string program, IReadOnlyList<CodeTest> tests, bool stopAtFailure, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        var verdicts = new List<Verdict>();
        foreach (var test in tests)
        {
            var left = TimeSpan.FromSeconds(Math.Min(options.TestSeconds, options.TotalSeconds - clock.Elapsed.TotalSeconds));
            verdicts.Add(left > TimeSpan.Zero ? Judge(program, test, left, cancellation) : Verdict.TimedOut);
            cancellation.ThrowIfCancellationRequested();
            if (stopAtFailure && verdicts[^1] != Verdict.Passed) break;
        }
        return verdicts;
    }

    private Verdict Judge(string program, CodeTest test, TimeSpan limit, CancellationToken cancellation)
    {
        try
        {
            using var engine = new Engine(settings => settings
                .Strict().LimitMemory((long)options.MemoryMegabytes << 20).LimitRecursion(Depth).TimeoutInterval(limit)
                .RegexTimeoutInterval(limit).MaxArraySize(MostElements).CancellationToken(cancellation));
            return test switch
            {
                StreamTest stream => Comparison.SameText(Stream(engine, program, stream.Input), stream.Output),
                FunctionTest function => Comparison.SameValue(Call(engine, program, function), function.Expected),
                _ => throw new RewardException(RewardException.Tests, "Assertions are Python; for JavaScript give tests on streams or functions."),
            } ? Verdict.Passed : Verdict.Failed;
        }
        catch (Exception error) when (error is TimeoutException or System.Text.RegularExpressions.RegexMatchTimeoutException)
        {
            return Verdict.TimedOut;
        }
        catch (Exception error) when (error is JintException or JsonException)
        {
            return Verdict.Failed; // thrown by the program, its syntax, or a limit other than time
        }
    }

    /// <summary>As a program of Node would: <c>console.log</c>, <c>readline()</c>, <c>require('fs').readFileSync(0)</c>.</summary>
    private static string Stream(Engine engine, string program, string input)
    {
        var output = new StringBuilder();
        var lines = new StringReader(input);
        engine.SetValue("print", (Action<string>)(line =>
        {
            if (output.Length + line.Length > OutputChars) throw new JavaScriptException("Too much output.");
            output.Append(line).Append('\n');
        }));
        engine.SetValue("readline", (Func<string?>)lines.ReadLine);
        engine.SetValue("readAll", (Func<string>)lines.ReadToEnd);
        engine.Execute("""
            const console = { log: (...values) => print(values.map(String).join(' ')) };
            const require = name => { if (name === 'fs') return { readFileSync: readAll }; throw new Error('There is no module ' + name); };
            """);
        engine.Execute(program);
        return output.ToString();
    }

    private static JsonElement Call(Engine engine, string program, FunctionTest test)
    {
        engine.Execute(program);
        var parser = new JsonParser(engine);
        var value = engine.Invoke(engine.Evaluate(test.Function), [.. test.Arguments.Select(argument => parser.Parse(argument.GetRawText()))]);
        var json = new Jint.Native.Json.JsonSerializer(engine).Serialize(value);
        using var document = JsonDocument.Parse(json.IsUndefined() ? "null" : json.AsString());
        return document.RootElement.Clone();
    }
}
