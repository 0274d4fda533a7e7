using System.Text.Json;
using Pipeline.Cli.Following;
using Pipeline.Cli.Output;
using Pipeline.Engine.Attempts;
using Pipeline.Engine.Runs;
using Pipeline.Protocol;
using Pipeline.Protocol.Jobs;
using Pipeline.Spec.Resolved;

namespace Pipeline.Cli.Tests.Following;

public sealed class LiveDisplayTests
{
    [Test]
    public void Draw_RunInTheMiddle_HasALineAStageWithBarAndTimeLeft()
    {
        using var bench = new CommandBench();
        var folder = AttemptFolder.Of(bench.State, "r", "b", 1);
        Directory.CreateDirectory(folder.Path);
        File.WriteAllText(folder.Heartbeat, JsonSerializer.Serialize(new Heartbeat(10, 40, "training", 90), ProtocolJson.Line));
        File.WriteAllText(folder.Metrics, """
            {"step":9,"reward":0.25}
            {"step":10,"reward":0.75}
            {"step":11,"rew
            """);
        var output = new StringWriter();
        var terminal = new Terminal(output, output, IsInteractive: false);
        var display = new LiveDisplay(terminal.Ansi, new StageProgress(new DiskLiveFacts(new DiskRunFiles(), bench.State), TimeProvider.System));

        terminal.Ansi.Write(display.Draw(RunState.Fold(Journal)));

        // The curve goes from its lowest value to its highest. A bar has 20 places; 10 of 40 steps are 5 of them, which a terminal shows by colour.
        var lines = output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        Assert.That(lines, Is.EqualTo(new[]
        {
            "done a 4.0 s",
            $"runs b {new string('━', 20)} ▁█ 0.75 training 10/40 (25 %), 1 min 30 s left",
            "pending c",
        }));
    }

    private static IReadOnlyList<JournalEvent> Journal
    {
        get
        {
            var time = new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);
            var stages = new[] { "a", "b", "c" }.Select(id => new ResolvedStage { Id = id, Instance = id, Uses = "command" }).ToList();
            return
            [
                new RunSubmitted
                {
                    Run = "r", Sequence = 1, Time = time, Program = new([], ""),
                    Pipeline = new ResolvedPipeline { Name = "p", File = "/p.yaml", Stages = stages },
                },
                new AttemptIntended { Run = "r", Sequence = 2, Time = time, Instance = "a", Attempt = 1, Token = "2", Job = "a1", Fingerprint = "" },
                new AttemptStarted { Run = "r", Sequence = 3, Time = time, Instance = "a", Attempt = 1, Token = "2" },
                new AttemptSucceeded
                {
                    Run = "r", Sequence = 4, Time = time.AddSeconds(4), Instance = "a", Attempt = 1, Token = "2", Fingerprint = "",
                    Outputs = new Dictionary<string, StageOutput>(),
                },
                new AttemptIntended { Run = "r", Sequence = 5, Time = time, Instance = "b", Attempt = 1, Token = "5", Job = "b1", Fingerprint = "" },
                new AttemptStarted { Run = "r", Sequence = 6, Time = time, Instance = "b", Attempt = 1, Token = "5" },
            ];
        }
    }
}
