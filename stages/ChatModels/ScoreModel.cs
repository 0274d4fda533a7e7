using Pipeline.Datasets.Chat;
using Pipeline.Datasets.Tokenization;
using Pipeline.Protocol.Options;
using Pipeline.Stages.Hosting;
using Pipeline.Training.Models;
using Pipeline.Training.Models.Lora;
using static TorchSharp.torch;

namespace Pipeline.Stages.ChatModels;

/// <summary>
/// A reward model together with its own tokenizer and chat template, which need not be the policy's: what it scores is
/// text, and it is written anew as this model knows it.
/// </summary>
public sealed class ScoreModel : IDisposable
{
    private const int RowsAtOnce = 64;

    private readonly string _tokenizerFolder;
    private readonly Device _device;

    private ScoreModel(SequenceClassifier model, string tokenizerFolder, Device device)
    {
        (Model, _tokenizerFolder, _device) = (model, tokenizerFolder, device);
        Chat = ChatEncoder.Load(tokenizerFolder);
        TokenizerRecord.Require(tokenizerFolder, Chat.Tokenizer.Digest);
    }

    /// <summary>The weights.</summary>
    public SequenceClassifier Model { get; }

    /// <summary>What is trained in its place, if <see cref="Adapt"/> made one.</summary>
    public LoraAdapter? Adapter { get; private set; }

    /// <summary>Tokenizer and chat template.</summary>
    public ChatEncoder Chat { get; }

    /// <summary>Reads a reward model's folder.</summary>
    public static ScoreModel Load(string folder, Device device) => new(ModelFolder.LoadSequenceClassifier(folder, device), folder, device);

    /// <summary>Takes the decoder of a language model and puts a fresh score on top.</summary>
    /// <param name="folder">The language model's folder.</param>
    /// <param name="seed">Of the score's first weights.</param>
    /// <param name="device">Where it lives.</param>
    public static ScoreModel FromLanguageModel(string folder, ulong seed, Device device)
    {
        using var language = ModelFolder.LoadLanguageModel(folder, device);
        var model = new SequenceClassifier(language.Config, seed, device);
        ModelWeights.CopyTransformer(language.Transformer, model.Transformer);
        return new ScoreModel(model, folder, device);
    }

    /// <summary>The tokens of an answer to a prompt, as the model reads them.</summary>
    public int[] Encode(IReadOnlyList<ChatMessage> prompt, string answer) => Chat.Encode([.. prompt, ChatMessage.Assistant(answer)]).Ids;

    /// <summary>Scores rows side by side; carries gradient.</summary>
    /// <param name="rows">Token ids of each row.</param>
    /// <returns>[rows], log-odds, in the caller's dispose scope.</returns>
    public Tensor Score(IReadOnlyList<int[]> rows)
    {
        using var scope = NewDisposeScope();
        var tokens = TokenBatch.Pad(rows, rows.Max(row => row.Length), _device);
        return Model.call(tokens, TokenBatch.Lengths(rows, _device)).MoveToOuterDisposeScope();
    }

    /// <summary>The score of each row.</summary>
    public double[] LogOdds(IReadOnlyList<int[]> rows)
    {
        using var noGradient = no_grad();
        var scores = new List<double>(rows.Count);
        foreach (var part in rows.Chunk(RowsAtOnce))
        {
            using var scope = NewDisposeScope();
            scores.AddRange(Score(part).to(ScalarType.Float64).cpu().data<double>());
        }
        return [.. scores];
    }

    /// <summary>The sigmoid of each row's score: between 0 and 1.</summary>
    public double[] Probabilities(IReadOnlyList<int[]> rows) => [.. LogOdds(rows).Select(score => 1 / (1 + Math.Exp(-score)))];

    /// <summary>Has an adapter learn instead of the weights, where the options ask for one.</summary>
    public void Adapt(StageContext stage, LoraOptions? options) => Adapter = Adapters.Of(stage, Model, options);

    /// <summary>Writes model, tokenizer and chat template into a folder; an adapter is written as well, and then merged for good.</summary>
    /// <returns>Number of weights.</returns>
    public long Save(string folder)
    {
        Tokenizer.Copy(_tokenizerFolder, folder);
        TokenizerRecord.Write(folder, Chat.Tokenizer.Digest);
        Adapters.SaveAndMerge(Adapter, folder);
        ModelFolder.Save(folder, Model, ChatModel.GenerationOf(Chat.Tokenizer));
        return Model.parameters().Sum(parameter => parameter.numel());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Adapter?.Dispose();
        Model.Dispose();
    }
}
