using System.Text.Json.Nodes;
using Pipeline.Datasets.Packing;
using Pipeline.Protocol.Options;
using Pipeline.Stages.Evaluation;
using Pipeline.Stages.Hosting;
using Pipeline.Training.Models;
using Pipeline.Training.Optimization;
using static TorchSharp.torch;
using LearningRates = Pipeline.Training.Optimization.LearningRateSchedule;

namespace Pipeline.Stages.Loop;

/// <summary>
/// What every training stage does around its steps: goes on from a checkpoint, moves the weights, tells how it goes,
/// evaluates, saves, and stops when asked. What happens within a step is the stage's story.
/// </summary>
/// <remarks>
/// A line of metrics is on its way to the disk before the checkpoint of its step, so no step is missing from the
/// metrics after a resume; random numbers are made of (seed, purpose, step), so none has to be saved.
/// </remarks>
public sealed partial class TrainingLoop : IDisposable
{
    private readonly StageContext _stage;
    private readonly IReadOnlyDictionary<string, Tensor> _weights;
    private readonly TrainingLoopSettings _settings;
    private readonly FlatParameters _parameters;
    private readonly AdamW _optimizer;
    private readonly LearningRates _schedule;
    private readonly ProgressLog _log;
    private readonly StopRule _stopRule;
    private long _stepStarted;
    private long _tokensBeforeStep;

    /// <param name="stage">The stage.</param>
    /// <param name="model">What is trained, whole or beside an adapter; what learns is laid into one buffer.</param>
    /// <param name="options">AdamW and its schedule.</param>
    /// <param name="settings">How long, how often.</param>
    public TrainingLoop(StageContext stage, nn.Module model, OptimizerOptions options, TrainingLoopSettings settings)
    {
        (_stage, _settings) = (stage, settings);
        Computing.As(options, model);
        var trained = settings.Adapter?.Weights.Select(weight => (weight.Key, weight.Value)) ?? model.named_parameters();
        _parameters = new FlatParameters(trained);
        _weights = settings.Adapter?.Weights.ToDictionary(weight => weight.Key, weight => (Tensor)weight.Value) ?? ModelWeights.Of(model);
        _optimizer = new AdamW(_parameters, new AdamWOptions
        {
            Beta1 = options.Beta1, Beta2 = options.Beta2, Epsilon = options.Epsilon, WeightDecay = options.WeightDecay,
        });
        _schedule = new LearningRates(Enum.Parse<ScheduleShape>(options.Schedule.ToString()), options.LearningRate,
            settings.Steps, options.WarmupSteps, options.FinalLearningRateRatio);
        MaxGradNorm = options.MaxGradNorm > 0 ? options.MaxGradNorm : double.PositiveInfinity;
        MaxSkippedSteps = options.MaxSkippedSteps;
        _log = new ProgressLog(stage.Clock);
        _stopRule = new StopRule(stage.Job.StopWhen);
        if (stage.Job.ResumeFrom is { } checkpoint) GoOnFrom(checkpoint);
    }

    /// <summary>Steps done.</summary>
    public int Done { get; private set; }

    /// <summary>How far the data is read; the stage moves it on.</summary>
    public DataCursor Cursor { get; set; }

    /// <summary>Whatever else the stage has to remember between steps; saved in checkpoints.</summary>
    public JsonObject Memory { get; private set; } = [];

    /// <summary>Whether the steps ended because somebody asked the stage to stop.</summary>
    public bool WasInterrupted { get; private set; }

    /// <summary>The last step's metrics, but for the clock's: what goes into the result.</summary>
    public SortedDictionary<string, double> LastMetrics { get; private set; } = new(StringComparer.Ordinal);

    /// <summary>Steps that were left out because loss or gradient was not finite.</summary>
    public SkippedSteps Skipped { get; private set; } = new();

    /// <summary>The learning rate of the step at hand.</summary>
    public double LearningRate => _schedule.At(Done);

    private double MaxGradNorm { get; }

    private int MaxSkippedSteps { get; }

    /// <summary>
    /// The steps still to be made, numbered from 1. The caller ends each with <see cref="Complete"/>. Ends early, with a
    /// checkpoint, when somebody asks the stage to stop; and for good when a <c>stop_when</c> holds.
    /// </summary>
    public IEnumerable<int> Steps()
    {
        _stage.Heartbeat.Begin(_settings.Steps, Done);
        if (Done == 0 && !_stage.Stop.Asked && _settings.Evaluation is { } evaluation)
            Tell(0, Evaluate(evaluation));
        _stage.Heartbeat.TakeSeconds(); // what came before is no step's time
        while (Done < _settings.Steps && StoppedBy is null)
        {
            if (_stage.Stop.Asked)
            {
                if (Done == 0 || !IsCheckpointDue) Save();
                _stage.Events.Stopped(Done, $"Asked to stop; saved after step {Done} of {_settings.Steps}.");
                WasInterrupted = true;
                yield break;
            }
            _stage.Heartbeat.Enter("training");
            (_stepStarted, _tokensBeforeStep) = (_stage.Clock.GetTimestamp(), _stage.Work.Tokens);
            _parameters.ZeroGradients();
            _settings.Adapter?.BeginStep(Done + 1);
            yield return Done + 1;
        }
        RequireFiniteWeights();
        TellStop();
    }

    /// <summary>
    /// Moves the weights along the gradients that backward passes have added up, and forgets these. Where loss or gradient
    /// is not finite the weights stay as they are, and the step is counted as skipped.
    /// </summary>
    /// <param name="loss">The loss they belong to.</param>
    /// <returns>The norm of the gradient before clipping; not a number if the step was skipped.</returns>
    /// <exception cref="StageException">Too many steps in a row were skipped.</exception>
    public double Update(double loss)
    {
        var norm = double.IsFinite(loss) ? _parameters.GradientNorm() : double.NaN;
        if (double.IsFinite(norm))
        {
            _parameters.ClipGradients(norm, MaxGradNorm);
            _optimizer.Step(LearningRate);
            Skipped = Skipped with { InARow = 0 };
        }
        else
        {
            Skip(loss);
        }
        _parameters.ZeroGradients();
        return norm;
    }

    /// <summary>Ends a step: evaluates and saves where that is due, and tells.</summary>
    /// <param name="metrics">What the stage measured; clock and token counts are added.</param>
    public void Complete(IEnumerable<KeyValuePair<string, double>> metrics)
    {
        var seconds = _stage.Clock.GetElapsedTime(_stepStarted).TotalSeconds;
        Done++;
        var row = metrics.Append(new("num_tokens", _stage.Work.Tokens)).ToList();
        if (Skipped.Total > 0) row.Add(new("skipped_steps", Skipped.Total));
        if (_settings.Evaluation is { } evaluation && evaluation.IsDue(Done, _settings.Steps)) row.AddRange(Evaluate(evaluation));
        LastMetrics = Finite(row);
        // What a skipped step measured means nothing.
        LookForStop(alarms: Skipped.InARow == 0 ? _settings.Watch?.Look(Done, row.ToDictionary(), Memory) ?? [] : []);
        if (StoppedBy is not null && _settings.Evaluation is { } last && !last.IsDue(Done, _settings.Steps))
        {
            // The last step is evaluated, whichever it is.
            row.AddRange(Evaluate(last));
            LastMetrics = Finite(row);
        }
        Tell(Done, [.. row, .. Clock(seconds)]);
        _stage.Heartbeat.Done(Done);
        if (IsCheckpointDue) Save();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _optimizer.Dispose();
        _parameters.Dispose();
    }

    private bool IsCheckpointDue => Done % (_stage.Job.Checkpoints.EverySteps ?? _settings.StepsPerCheckpoint) == 0;

    // How fast the step was, where its time went (with the checkpoint before it), what the process holds.
    private IEnumerable<KeyValuePair<string, double>> Clock(double seconds) =>
    [
        new("step_time", seconds),
        new("tokens_per_second", (_stage.Work.Tokens - _tokensBeforeStep) / seconds),
        .. _stage.Heartbeat.TakeSeconds().Select(phase => new KeyValuePair<string, double>($"time/{phase.Key}", phase.Value)),
        new("memory", Environment.WorkingSet),
    ];

    private IEnumerable<KeyValuePair<string, double>> Evaluate(PassAtOne evaluation)
    {
        _stage.Heartbeat.Enter("evaluating");
        return evaluation.Measure();
    }

    private static SortedDictionary<string, double> Finite(IEnumerable<KeyValuePair<string, double>> metrics) =>
        new(metrics.Where(metric => double.IsFinite(metric.Value)).ToDictionary(), StringComparer.Ordinal);

    private void Tell(int step, IEnumerable<KeyValuePair<string, double>> row)
    {
        var values = row.ToList();
        _stage.Metrics.Write(step, values);
        _log.Step(step, _settings.Steps, values);
    }

    private void Skip(double loss)
    {
        Skipped = new(Skipped.Total + 1, Skipped.InARow + 1);
        var what = double.IsFinite(loss) ? "the gradient is not finite" : $"the loss is {loss}";
        if (Skipped.InARow > MaxSkippedSteps)
            throw NotFinite(Done + 1, $"{what}, for the {Skipped.InARow}. time in a row (max_skipped_steps is {MaxSkippedSteps})");
        _stage.Events.Warn(Done + 1, "STEP_SKIPPED", $"Step {Done + 1} was left out: {what}. The weights are as they were.");
    }

    private StageException NotFinite(int step, string what)
    {
        var message = $"Step {step}: {what}. Nothing was saved since; the last checkpoint is sound. "
            + "Lower learning_rate, raise warmup_steps or epsilon, or look for rows with extreme loss.";
        _stage.Events.Alarm(step, StageErrors.LossNotFinite, message);
        return new StageException(StageErrors.LossNotFinite, message);
    }
}
