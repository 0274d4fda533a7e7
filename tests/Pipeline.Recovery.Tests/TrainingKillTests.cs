using System.Diagnostics;
using System.Globalization;
using Pipeline.Engine.Runs;
using Pipeline.Protocol.Artifacts;

namespace Pipeline.Recovery.Tests;

/// <summary>
/// Real trainings under <c>kill -9</c> at any moment, of the engine, of the job, or of both with the shim: nothing is
/// lost, doubled or left behind, and the final weights are those of a run that nobody disturbed, to the last bit.
/// </summary>
public sealed class TrainingKillTests
{
    private enum Victim { Engine, Job, EngineJobAndShim }

    [Test]
    public void EngineJobOrAll_KilledSixTimes_EndsWithTheWeightsOfAnUnbrokenRun() => Storm(kills: 6, seed: 1);

    /// <summary>A thousand by default; tests/SOAK.md has the command.</summary>
    [Test, Category("soak")]
    public void EngineJobOrAll_KilledAThousandTimes_EndsWithTheWeightsOfAnUnbrokenRun() => Storm(
        int.Parse(Environment.GetEnvironmentVariable("SOAK_KILLS") ?? "1000", CultureInfo.InvariantCulture), Environment.TickCount);

    private static void Storm(int kills, int seed)
    {
        var unbroken = Unbroken();
        var random = new Random(seed);
        var tally = new Tally();
        var weights = "";
        while (tally.Kills < kills || tally.Runs == 0)
        {
            using var bench = new RunBench(Training); // of its own: in one state folder the second run would be taken from the cache
            var engine = bench.Start("run");
            var (saved, barren) = (new HashSet<string>(), 0);
            while (!engine.EndsWithin(TimeSpan.FromMilliseconds(random.Next(200, 2500))))
            {
                if (tally.Kills == kills || bench.Trainings.FirstOrDefault() is not (> 0 and var job)) continue;
                var victim = (Victim)random.Next(3);
                if (victim != Victim.Engine)
                {
                    // Dying three times at one step is the step's own fault, says the engine, and it is right: not that of this storm.
                    // Only a new checkpoint is progress: old ones are pruned at any time.
                    var now = Saved(bench);
                    (saved, barren) = (now, now.IsSubsetOf(saved) ? barren + 1 : 1);
                    if (barren > 2) victim = Victim.Engine;
                }
                tally.Count(victim);
                if (victim != Victim.Job) engine.Kill();
                if (victim == Victim.EngineJobAndShim) foreach (var shim in bench.Shims) Kill(shim);
                if (victim != Victim.Engine) Kill(job);
                if (victim != Victim.Job) engine = bench.Start("resume");
            }
            tally.Take(bench, engine);
            weights = WeightsOf(bench);
            Assert.That(weights, Is.EqualTo(unbroken), $"seed {seed}, run {tally.Runs}\n{engine.Output}");
        }
        var expected = tally.Runs * 3; // stages
        var report = $"{tally}, seed {seed}; weights {weights[..23]} = unbroken {unbroken[..23]}";
        TestContext.Progress.WriteLine(report);
        Assert.That((tally.Lost, tally.Doubled, tally.Orphaned), Is.EqualTo((0, 0, 0)), report);
        Assert.That(tally.Done, Is.GreaterThanOrEqualTo(0.95 * expected), report);
        Assert.That(tally.Kills, Is.EqualTo(kills), "a storm that kills nobody shows nothing");
    }

    /// <summary>Data, a base model and a fine-tuned one: 30,000 weights, a checkpoint every few steps.</summary>
    private static IEnumerable<string> Training { get; } =
    [
        """
          data:
            uses: generate_data
            with: { min_terms: 2, max_terms: 3, held_out: 0.3, corpus_rows: 400, prompt_rows: 60, evaluation_rows: 12,
                    cold_start_rows: 48, general_rows: 40, preference_rows: 60 }
          base:
            uses: pretrain
            inputs: { dataset: "${{ stages.data.outputs.corpus }}", tokenizer: "${{ stages.data.outputs.tokenizer }}" }
            with:
              shape: { hidden: 32, layers: 2, heads: 2, kv_heads: 1, intermediate: 64, max_positions: 128 }
              steps: 200
              batch_size: 16
              sequence_length: 64
              learning_rate: 0.01
            resources: { cpus: 1 }
            checkpoints: { every: 20 steps, keep_last: 2 }
          tuned:
            uses: sft
            inputs: { model: "${{ stages.base.outputs.model }}", dataset: "${{ stages.data.outputs.cold_start }}" }
            with: { epochs: 30, batch_size: 16, micro_batch_size: 8, learning_rate: 0.002 }
            resources: { cpus: 1 }
            checkpoints: { every: 5 steps, keep_last: 1 }

        """,
    ];

    /// <summary>The checkpoints that there are.</summary>
    private static HashSet<string> Saved(RunBench bench) =>
        [.. Directory.EnumerateDirectories(Path.Combine(bench.State, "runs"), "step-*", SearchOption.AllDirectories)];

    private static string Unbroken()
    {
        using var bench = new RunBench(Training);
        var process = bench.Start("run");
        Assert.That(process.WaitForExit(), Is.Zero, process.Output);
        return WeightsOf(bench);
    }

    private static string WeightsOf(RunBench bench) => ArtifactDigest.Of(
        bench.Attempts(bench.LatestRun!, "tuned").Select(attempt => Path.Combine(attempt, "outputs", "model", "model.safetensors")).First(File.Exists));

    private static void Kill(int pid)
    {
        try { Process.GetProcessById(pid).Kill(); }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException) { } // it ended meanwhile
    }

    /// <summary>What the storm did, and what came of it.</summary>
    private sealed class Tally
    {
        private readonly Dictionary<Victim, int> _kills = [];

        public int Kills => _kills.Values.Sum();
        public int Runs { get; private set; }
        public int Done { get; private set; }
        public int Lost { get; private set; }
        public int Doubled { get; private set; }
        public int Orphaned { get; private set; }

        public void Count(Victim victim) => _kills[victim] = _kills.GetValueOrDefault(victim) + 1;

        /// <summary>Looks at a run that is over.</summary>
        public void Take(RunBench bench, PipelineProcess engine)
        {
            Assert.That(engine.WaitForExit(), Is.Zero, engine.Output);
            Runs++;
            var journal = bench.Journal(bench.LatestRun!);
            var ended = RunState.Fold(journal);
            var done = ended.Stages.Count(stage => stage.Phase == StagePhase.Succeeded);
            Done += done;
            Lost += ended.Stages.Count() - done;
            // Intended or ended twice, or a program that began twice in one attempt's folder: it says so in its first line.
            Doubled += journal.OfType<AttemptIntended>().GroupBy(fact => fact.Job).Count(same => same.Count() > 1);
            Doubled += journal.OfType<AttemptFact>().Where(fact => fact is AttemptSucceeded or AttemptFailed)
                .GroupBy(fact => fact.Token).Count(same => same.Count() > 1);
            Doubled += ended.Stages.SelectMany(stage => bench.Attempts(ended.Run, stage.Instance))
                .Count(attempt => File.Exists(Path.Combine(attempt, "stdout.log"))
                    && File.ReadLines(Path.Combine(attempt, "stdout.log")).Count(line => line.Contains(", attempt ", StringComparison.Ordinal)) > 1);
            // A shim ends just after its record was read.
            if (!SpinWait.SpinUntil(() => bench.Alive.Count == 0, TimeSpan.FromSeconds(10))) Orphaned += bench.Alive.Count;
        }

        public override string ToString() =>
            $"{Kills} kills ({string.Join(", ", _kills.OrderBy(kill => kill.Key).Select(kill => $"{kill.Key} {kill.Value}"))}), {Runs} runs, "
            + $"{Done} stages done, lost {Lost}, doubled {Doubled}, orphaned {Orphaned}";
    }
}
