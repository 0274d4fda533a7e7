using Pipeline.Engine.Ports;
using Pipeline.Engine.Runs;
using Pipeline.Server.Metrics;
using Pipeline.Server.Runs;
using Prometheus;

namespace Pipeline.Server.Monitoring;

/// <summary>
/// What a monitor wants to know of the state folder, as gauges that are read anew at each scrape. Only runs that have not
/// ended have gauges of their own, so that a long history does not make a scrape long.
/// </summary>
internal sealed class StateGauges
{
    // What tells from afar how training goes; everything else is at the API.
    private static readonly HashSet<string> s_told =
        ["reward", "loss", "entropy", "kl", "grad_norm", "completions/mean_length", "tokens_per_second", "eval/pass@1", "frac_reward_zero_std"];

    private readonly IRunStore _store;
    private readonly RunCatalog _runs;
    private readonly RunViews _views;
    private readonly MetricCatalog _metrics;
    private readonly StateFiles _files;
    private readonly Gauge _unfinished;
    private readonly Gauge _jobs;
    private readonly Gauge _steps;
    private readonly Gauge _share;
    private readonly Gauge _heartbeatAge;
    private readonly Gauge _alarms;
    private readonly Gauge _metric;
    private readonly Gauge _diskFree;

    public StateGauges(IRunStore store, RunCatalog runs, RunViews views, MetricCatalog metrics, StateFiles files)
    {
        (_store, _runs, _views, _metrics, _files) = (store, runs, views, metrics, files);
        string[] stage = ["run", "stage"];
        var factory = Prometheus.Metrics.WithCustomRegistry(Registry);
        _unfinished = factory.CreateGauge("pipeline_runs_unfinished", "Runs that have not ended.");
        _jobs = factory.CreateGauge("pipeline_jobs", "Attempts that have not ended.", "state");
        _steps = factory.CreateGauge("pipeline_stage_step", "Steps that a stage at work has done.", stage);
        _share = factory.CreateGauge("pipeline_stage_progress_ratio", "Share of its steps that a stage at work has done.", stage);
        _heartbeatAge = factory.CreateGauge("pipeline_stage_heartbeat_age_seconds", "Time since a stage at work said how far it is.", stage);
        _alarms = factory.CreateGauge("pipeline_stage_alarms", "Alarms that a stage of an unfinished run has raised.", "run", "stage", "code");
        _metric = factory.CreateGauge("pipeline_stage_metric", "Newest value of a metric of a stage at work.", "run", "stage", "name");
        _diskFree = factory.CreateGauge("pipeline_disk_free_bytes", "Free space on the disk of the state folder.");
        Registry.AddBeforeCollectCallback(Refresh);
    }

    /// <summary>Holds the gauges.</summary>
    public CollectorRegistry Registry { get; } = Prometheus.Metrics.NewCustomRegistry();

    private async Task Refresh(CancellationToken cancellation)
    {
        foreach (var gauge in new Collector<Gauge.Child>[] { _steps, _share, _heartbeatAge, _alarms, _metric }) Forget(gauge);
        var unfinished = await _store.Unfinished();
        var (queued, running) = (0, 0);
        foreach (var summary in unfinished)
        {
            var history = await _runs.Find(summary.Run);
            foreach (var alarm in history.Alarms.GroupBy(alarm => (alarm.Instance, alarm.Code)))
                _alarms.WithLabels(summary.Run, alarm.Key.Instance, alarm.Key.Code).Set(alarm.Count());
            foreach (var stage in history.State.Stages.Where(stage => stage.Last is { Alive: true }))
            {
                if (stage.Last!.Phase == AttemptPhase.Intended) queued++;
                else
                {
                    running++;
                    await Tell(summary.Run, stage);
                }
            }
        }
        _unfinished.Set(unfinished.Count);
        _jobs.WithLabels("queued").Set(queued);
        _jobs.WithLabels("running").Set(running);
        _diskFree.Set(new DriveInfo(_files.State.Path).AvailableFreeSpace);
    }

    private async Task Tell(string run, StageState stage)
    {
        if (_views.Progress(run, stage) is { } progress)
        {
            _steps.WithLabels(run, stage.Instance).Set(progress.Step);
            _share.WithLabels(run, stage.Instance).Set(progress.Share);
            _heartbeatAge.WithLabels(run, stage.Instance).Set(progress.Age);
        }
        var curves = await _metrics.Read(run, stage.Instance, new MetricsQuery(s_told, long.MinValue, long.MaxValue, Points: 2));
        foreach (var (name, curve) in curves.Series)
            if (curve.Values is [.., var last]) _metric.WithLabels(run, stage.Instance, name).Set(last);
    }

    private static void Forget(Collector<Gauge.Child> gauge)
    {
        foreach (var labels in gauge.GetAllLabelValues().ToList()) gauge.RemoveLabelled(labels);
    }
}
