using System.Diagnostics;

namespace Pipeline.Cli.Tests.Output;

/// <summary>Colours: on a terminal, unless NO_COLOR is set; never in a pipe. The terminal is one that <c>script</c> of util-linux makes.</summary>
public sealed class ColourTests : CommandTest
{
    private const string Script = "/usr/bin/script";
    private const string Colour = "\u001b[3"; // as in ESC [ 3 1 m; the cursor moves by other letters
    private static readonly string[] Commands = ["doctor --stage-program /nowhere", "status", "runs", "watch"];

    [Test]
    public void Commands_OnATerminal_ColourUnlessToldOtherwise_AndNeverInAPipe()
    {
        if (!File.Exists(Script)) Assert.Ignore($"{Script} is not here");
        Assert.That(ChildProcess.Do(Bench, "run", Bench.Pipeline()).ExitCode, Is.Zero);
        Assert.Multiple(() =>
        {
            Assert.That(OnTerminal("doctor --stage-program /nowhere", noColour: false), Does.Contain(Colour));
            foreach (var command in Commands)
            {
                Assert.That(OnTerminal(command, noColour: true), Does.Not.Match("\u001b\\[[0-9;]*[1-9][0-9;]*m"), $"{command} with NO_COLOR");
                Assert.That(ChildProcess.Do(Bench, command.Split(' ')).Out, Does.Not.Contain('\u001b'), $"{command} in a pipe");
            }
        });
    }

    [Test]
    public void Run_OnATerminalWithoutColour_StillDrawsItsLiveTable()
    {
        if (!File.Exists(Script)) Assert.Ignore($"{Script} is not here");
        var drawn = OnTerminal($"run {Bench.Pipeline()}", noColour: true);
        Assert.That(drawn, Does.Contain("done").And.Contain("first").And.Not.Match("\u001b\\[[0-9;]*[1-9][0-9;]*m"));
    }

    private string OnTerminal(string command, bool noColour)
    {
        var start = new ProcessStartInfo(Script, ["-qec", $"dotnet {Path.Combine(AppContext.BaseDirectory, "pipeline.dll")} {command}", "/dev/null"])
        {
            RedirectStandardOutput = true, RedirectStandardInput = true,
        };
        start.Environment["PIPELINE_STATE"] = Bench.State;
        start.Environment["TERM"] = "xterm-256color";
        start.Environment.Remove("NO_COLOR");
        if (noColour) start.Environment["NO_COLOR"] = "1";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output;
    }
}
