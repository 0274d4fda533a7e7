using Microsoft.Extensions.Time.Testing;
using Pipeline.Cli.Following;
using Pipeline.Engine.Runs;
using Pipeline.Protocol.Jobs;
using Pipeline.Spec.Resolved;

namespace Pipeline.Cli.Tests.Following;

public sealed class PlainDisplayTests
{
    [Test]
    public void Tick_AStageWhoseJobHasNotBegun_SaysOnceWhatItWaitsFor()
    {
        var (output, time) = (new StringWriter(), new FakeTimeProvider(new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero)));
        var display = new PlainDisplay(output, new StageProgress(new Busy(), time), time);
        var state = RunState.Fold(
        [
            new RunSubmitted { Run = "r", Sequence = 1, Program = new([], ""), Pipeline = new ResolvedPipeline { Name = "p", File = "/p.yaml", Stages = [new ResolvedStage { Id = "a", Instance = "a", Uses = "command" }] } },
            new AttemptIntended { Run = "r", Sequence = 2, Instance = "a", Attempt = 1, Token = "2", Job = "a1", Fingerprint = "" },
        ]);

        display.Tick(state);
        time.Advance(TimeSpan.FromSeconds(10)); // the time between two looks
        display.Tick(state);
        var said = time.GetUtcNow();
        time.Advance(TimeSpan.FromSeconds(10));
        display.Tick(state);

        Assert.That(output.ToString(), Is.EqualTo($"{said.ToLocalTime():HH:mm:ss} a: waits for 2 of 4 processors; 3 taken\n"));
    }

    private sealed class Busy : ILiveFacts
    {
        public Heartbeat? Heartbeat(RunState run, StageState stage) => null;

        public string Waiting(StageState stage) => "waits for 2 of 4 processors; 3 taken";

        public IReadOnlyList<double> Rewards(RunState run, StageState stage) => [];
    }
}
