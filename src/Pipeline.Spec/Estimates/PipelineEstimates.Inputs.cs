using System.Text.Json;
using Pipeline.Protocol;
using Pipeline.Protocol.Options;
using Pipeline.Spec.Resolved;

namespace Pipeline.Spec.Estimates;

// Which model a stage works with, and how many rows its datasets have.
public sealed partial class PipelineEstimates
{
    private ModelSize? ModelOf(ResolvedStage stage)
    {
        if (stage.Uses == "pretrain") return New(stage.Options["shape"]?.Deserialize<ModelShape>(ProtocolJson.Line) ?? new(), stage, "tokenizer");
        if (stage.Options["student"] is { } student) return New(student.Deserialize<ModelShape>(ProtocolJson.Line)!, stage, "tokenizer");
        if (stage.Options["endpoint"] is not null)
        {
            _notes.Add("a server samples; what that takes is not known here");
            return null;
        }
        return Items(stage, "model").Select(Known).FirstOrDefault();
    }

    private ModelSize New(ModelShape shape, ResolvedStage stage, string tokenizer)
    {
        var vocabulary = Items(stage, tokenizer).Select(item => item.Path is { } path && _known.Models.TryGetValue(path, out var model) ? model.Vocabulary : 0).FirstOrDefault();
        if (vocabulary == 0 && Items(stage, tokenizer).Select(item => item.Stage is { } maker && _models.TryGetValue(maker, out var made) ? made.Vocabulary : 0).FirstOrDefault() is > 0 and var ofModel)
            vocabulary = ofModel;
        if (vocabulary == 0) vocabulary = _settings.Vocabulary ?? 0;
        if (vocabulary == 0) _notes.Add("the vocabulary is not known yet: embedding and output head are not counted (--vocabulary N counts them)");
        return ModelSize.Of(shape, vocabulary);
    }

    private ModelSize? Known(StageInput input)
    {
        if (input.Path is { } path)
        {
            if (_known.Models.TryGetValue(path, out var known)) return known;
        }
        else if (input.Makers.Select(maker => _models.GetValueOrDefault(maker)).FirstOrDefault(model => model is not null) is { } made) return made;
        if (_settings.Model is { } assumed)
        {
            _notes.Add("the model is taken to be that of --model");
            return assumed;
        }
        _notes.Add("the model is not known yet: no operations, memory and disk (--model DIR takes another's config.json)");
        return null;
    }

    private static IEnumerable<StageInput> Items(ResolvedStage stage, string name) =>
        stage.Inputs.Where(input => input.Key == name || input.Key.StartsWith($"{name}.", StringComparison.Ordinal))
            .Select(input => input.Value);

    /// <summary>Rows of all items of an input, and tokens a row where these are known.</summary>
    private (Amount? Rows, double? MeanTokens) Rows(ResolvedStage stage, string name)
    {
        var items = Items(stage, name).Select(Facts).ToList();
        if (items.Count == 0 || items.Any(item => item is null))
        {
            if (items.Count > 0) _notes.Add($"the rows of `{name}` are not known before an earlier stage ran");
            return (null, null);
        }
        var rows = Amount.Sum(items.Select(item => item!.Value.Rows));
        var known = items.All(item => item!.Value.MeanTokens is not null) && rows is { Value: > 0 };
        return (rows, known ? items.Sum(item => item!.Value.Rows.Value * item.Value.MeanTokens!.Value) / rows!.Value : null);
    }

    private (Amount Rows, double? MeanTokens)? Facts(StageInput input)
    {
        if (input.Path is { } path) return _known.Datasets.TryGetValue(path, out var facts) ? (new Amount(facts.Rows), facts.MeanTokens) : null;
        if (_pipeline.Stages.FirstOrDefault(stage => stage.Instance == input.Stage) is not { } maker) return null;
        if (maker.Uses == "rejection_sampling" && Rows(maker, "prompts").Rows is { } prompts)
        {
            var options = maker.Options.Deserialize<RejectionSamplingOptions>(ProtocolJson.Line)!;
            var kept = Math.Min(prompts.Value, options.Limit ?? double.PositiveInfinity) * options.KeepPerPrompt;
            return (new Amount(kept / (maker.Inputs.Keys.Any(key => key.StartsWith("general", StringComparison.Ordinal)) ? 1 - options.GeneralShare : 1), AtMost: true), null);
        }
        if (maker.Uses != "generate_data") return null;
        var made = maker.Options.Deserialize<GenerateDataOptions>(ProtocolJson.Line)!;
        var rows = input.Output switch
        {
            "corpus" => made.CorpusRows,
            "prompts" => made.PromptRows,
            "evaluation" => made.EvaluationRows,
            "cold_start" => made.ColdStartRows,
            "general" => made.GeneralRows,
            "helpfulness" or "safety" => made.PreferenceRows,
            _ => (int?)null,
        };
        return rows is { } count ? (new Amount(count, AtMost: true), null) : null;
    }
}
