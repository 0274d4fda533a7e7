using Pipeline.Datasets.Chat;
using Pipeline.Datasets.Tokenization;
using Pipeline.Protocol.Options;
using Pipeline.Stages.Hosting;
using Pipeline.Training.Models;
using Pipeline.Training.Models.Lora;
using static TorchSharp.torch;

namespace Pipeline.Stages.ChatModels;

/// <summary>A language model together with the tokenizer and the chat template it was trained with: none is of use without the others.</summary>
public sealed class ChatModel : IDisposable
{
    private readonly string _tokenizerFolder;

    private ChatModel(LanguageModel model, string tokenizerFolder)
    {
        (Model, _tokenizerFolder) = (model, tokenizerFolder);
        Chat = ChatEncoder.Load(tokenizerFolder);
        TokenizerRecord.Require(tokenizerFolder, Chat.Tokenizer.Digest);
        if (Chat.Tokenizer.VocabularySize > model.Config.VocabSize)
            throw new ConfigException(StageErrors.TokenizerMismatch,
                $"The tokenizer of {tokenizerFolder} has ids up to {Chat.Tokenizer.VocabularySize - 1}, the model's vocabulary ends at "
                + $"{model.Config.VocabSize - 1}. They do not belong together.");
    }

    /// <summary>The weights.</summary>
    public LanguageModel Model { get; }

    /// <summary>What is trained in its place, if <see cref="Adapt"/> made one.</summary>
    public LoraAdapter? Adapter { get; private set; }

    /// <summary>Tokenizer and chat template.</summary>
    public ChatEncoder Chat { get; }

    /// <summary>The tokenizer.</summary>
    public Tokenizer Tokenizer => Chat.Tokenizer;

    /// <summary>Number of weights.</summary>
    public long Parameters => Model.parameters().Sum(parameter => parameter.numel());

    /// <summary>Reads a model folder.</summary>
    public static ChatModel Load(string folder, Device device) => Own(ModelFolder.LoadLanguageModel(folder, device), folder);

    /// <summary>Reads the model folder of an input, to be spoken to in the template that the options name, if they name one: a model trained so carries it.</summary>
    /// <param name="stage">The stage; another template is put beside the tokenizer in the attempt's folder.</param>
    /// <param name="input">Name of the input.</param>
    /// <param name="template">The template; null for the folder's own.</param>
    /// <param name="device">Where it lives.</param>
    public static ChatModel Load(StageContext stage, string input, ChatTemplateName? template, Device device)
    {
        var folder = stage.Input(input);
        if (template is not { } name) return Load(folder, device);
        TokenizerRecord.Require(folder, Tokenizer.Load(folder).Digest);
        var tokenizer = Path.Combine(stage.Folder.Path, "tokenizer");
        ChatTemplates.Exchange(folder, name, tokenizer);
        return Own(ModelFolder.LoadLanguageModel(folder, device), tokenizer);
    }

    /// <summary>Makes a new model with random weights for the tokenizer of a folder.</summary>
    /// <param name="shape">Its size.</param>
    /// <param name="tokenizerFolder">A tokenizer artifact or a model folder.</param>
    /// <param name="seed">Of the first weights.</param>
    /// <param name="device">Where it lives.</param>
    public static ChatModel New(ModelShape shape, string tokenizerFolder, ulong seed, Device device)
    {
        if (shape.Hidden % shape.Heads != 0 || shape.Heads % shape.KvHeads != 0)
            throw new ConfigException(StageErrors.OptionInvalid,
                $"hidden is {shape.Hidden}, heads {shape.Heads}, kv_heads {shape.KvHeads}: heads must divide hidden, and kv_heads must divide heads.");
        var config = new ModelConfig
        {
            VocabSize = Tokenizer.Load(tokenizerFolder).VocabularySize,
            HiddenSize = shape.Hidden,
            IntermediateSize = shape.Intermediate,
            Layers = shape.Layers,
            Heads = shape.Heads,
            KeyValueHeads = shape.KvHeads,
            RopeTheta = shape.RopeTheta,
            MaxPositions = shape.MaxPositions,
            TieEmbeddings = shape.TieEmbeddings,
            InitializerRange = shape.InitializerRange,
        };
        return Own(new LanguageModel(config, seed, device), tokenizerFolder);
    }

    /// <summary>Has an adapter learn instead of the weights, where the options ask for one.</summary>
    public void Adapt(StageContext stage, LoraOptions? options) => Adapter = Adapters.Of(stage, Model, options);

    /// <summary>Writes model, tokenizer and chat template into a folder; an adapter is written as well, and then merged for good.</summary>
    /// <returns>Number of weights.</returns>
    public long Save(string folder)
    {
        Tokenizer.Copy(_tokenizerFolder, folder);
        TokenizerRecord.Write(folder, Tokenizer.Digest);
        Adapters.SaveAndMerge(Adapter, folder);
        ModelFolder.Save(folder, Model, Generation);
        return Parameters;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Adapter?.Dispose();
        Model.Dispose();
    }

    /// <summary>The special tokens, for the readers of the folder.</summary>
    private GenerationConfig Generation => GenerationOf(Tokenizer);

    internal static GenerationConfig GenerationOf(Tokenizer tokenizer) => new(
        [.. tokenizer.EosIds.OrderByDescending(id => tokenizer.EosToken is { } eos && id == tokenizer.IdOf(eos)).ThenBy(id => id)],
        tokenizer.BosToken is { } bos ? tokenizer.IdOf(bos) : null,
        tokenizer.PadId);

    private static ChatModel Own(LanguageModel model, string tokenizerFolder)
    {
        try { return new ChatModel(model, tokenizerFolder); }
        catch
        {
            model.Dispose();
            throw;
        }
    }
}
