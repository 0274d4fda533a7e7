using Pipeline.Stages.Hosting;
using Pipeline.Training.Models;
using Serilog;
using static TorchSharp.torch;

namespace Pipeline.Stages.Loop;

/// <content>Saving all that the next step depends on, and going on from there.</content>
public sealed partial class TrainingLoop
{
    private void Save()
    {
        RequireFiniteWeights();
        using var scope = NewDisposeScope();
        _stage.Heartbeat.Enter("saving");
        _stage.Metrics.FlushToDisk();
        var tensors = new Dictionary<string, IReadOnlyDictionary<string, Tensor>>
        {
            ["weights"] = _weights,
            ["optimizer"] = _optimizer.State(),
        };
        if (_settings.Reference is { } reference) tensors["reference"] = reference;
        var state = new LoopState(Cursor, _stage.Work.Tokens, _stage.Work.Seconds, _settings.Tokenizer, Skipped, LastMetrics, Memory);
        StageCheckpoint.Write(_stage, Done, tensors, state.ToJson());
    }

    private void GoOnFrom(string folder)
    {
        using var scope = NewDisposeScope();
        var checkpoint = StageCheckpoint.Read(_stage, folder);
        var state = LoopState.Of(checkpoint.State);
        StageCheckpoint.RequireTokenizer(folder, state.Tokenizer, _settings.Tokenizer);
        ModelWeights.Load(_weights, checkpoint.Tensors["weights"], folder);
        _optimizer.Load(checkpoint.Tensors["optimizer"]);
        if (_settings.Reference is { } reference) ModelWeights.Load(reference, checkpoint.Tensors["reference"], folder);
        (Done, Cursor, Skipped, Memory) = ((int)checkpoint.Step, state.Cursor, state.Skipped, state.Memory);
        LastMetrics = new(state.LastMetrics.ToDictionary(), StringComparer.Ordinal);
        _stage.Work.GoOnFrom(state.Tokens, state.Seconds);
        Log.Information("Going on after step {Step} from {Folder:l}", Done, folder);
    }

    /// <summary>Finite gradients can still make weights that are not; those are never saved.</summary>
    private void RequireFiniteWeights()
    {
        using var scope = NewDisposeScope();
        if (!_parameters.Values.isfinite().all().item<bool>()) throw NotFinite(Done, "a weight is not a finite number");
    }
}
