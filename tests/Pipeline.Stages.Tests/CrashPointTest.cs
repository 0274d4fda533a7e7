using Pipeline.Protocol;
using Pipeline.Protocol.Artifacts;
using Pipeline.Protocol.Jobs;
using Pipeline.Stages.Hosting;
using Pipeline.Stages.Tests.Harness;
using Pipeline.Training.Checkpoints;

namespace Pipeline.Stages.Tests;

/// <summary>
/// A training is killed at each of its named places, and its next attempt ends with the bits of one that was not. A place
/// that is never reached fails its test.
/// </summary>
[Parallelizable(ParallelScope.Children)]
public sealed class CrashPointTest
{
    // 48 rows in batches of 16: three steps, with a checkpoint at each and only the newest kept, so that all is done at once.
    private const string Options = """{ "epochs": 1, "batch_size": 16, "micro_batch_size": 16, "learning_rate": 0.002 }""";
    private const int Killed = 128 + 9;

    private static readonly Lock s_thisProcess = new(); // it has one generator and one error stream

    private TestFolder _folder = null!;
    private Attempt _unbroken = null!;

    [OneTimeSetUp]
    public void TrainUnbroken()
    {
        _folder = new TestFolder();
        _unbroken = AttemptIn("unbroken").MustSucceed();
    }

    [OneTimeTearDown]
    public void Remove() => _folder.Dispose();

    [TestCaseSource(typeof(StageCrashPoints), nameof(StageCrashPoints.All))]
    public void Training_KilledThere_EndsAsIfNothingHadHappened(string place)
    {
        // The second time round: by then there is an earlier checkpoint, which must survive.
        var pass = place.StartsWith("checkpoint", StringComparison.Ordinal) || place.StartsWith("metrics", StringComparison.Ordinal) ? 2 : 1;
        var killed = AttemptIn(place);
        using (var process = killed.Start((CrashPoint.EnvironmentVariable, $"{place}:{pass}")))
        {
            process.WaitForExit();
            Assert.That(process.ExitCode, Is.EqualTo(Killed), $"the place was not reached: {killed.Error}");
        }

        var found = CheckpointFolder.FindNewest([killed.Folder.Checkpoints], killed.Job.Fingerprint);
        if (found is not null) Assert.That(found.Skipped, Is.Empty, "no moment leaves a damaged folder under a checkpoint's name");
        if (pass == 2) Assert.That(found, Is.Not.Null, "the checkpoint before is never given up for the next");

        if (place == "result-after") // the engine finds the result and starts nothing
        {
            AssertEqual(killed);
            return;
        }
        Assert.That(File.Exists(killed.Folder.Result), Is.False, "the result is written last");
        var next = AttemptIn(place, found?.Folder);
        lock (s_thisProcess) next.MustSucceed();
        AssertEqual(next, killed);
    }

    private Attempt AttemptIn(string name, string? resumeFrom = null) => Attempt.Of(
        _folder.Of(name), "sft", Options, [("model", Miniature.Base), ("dataset", Miniature.Data("cold_start"))],
        job => job with
        {
            Stage = "sft", Instance = "sft", Fingerprint = "sft", ResumeFrom = resumeFrom,
            Checkpoints = new CheckpointPolicy(EverySteps: 1, KeepLast: 1),
        });

    private void AssertEqual(Attempt last, params Attempt[] before) => Assert.Multiple(() =>
    {
        Assert.That(ArtifactDigest.Of(last.Output()), Is.EqualTo(ArtifactDigest.Of(_unbroken.Output())), "weights");
        Assert.That(last.Result.Metrics, Is.EqualTo(_unbroken.Result.Metrics));
        Assert.That(Course.Of([.. before, last]), Is.EqualTo(Course.Of(_unbroken)), "each step is told, by the latest attempt that made it");
    });
}
