using System.CommandLine;
using System.Text.Json;
using Pipeline.Datasets.Tokenization;
using Pipeline.Protocol;
using Pipeline.Protocol.Jobs;
using Pipeline.Training.Models;

namespace Pipeline.Stages.ModelFolders;

/// <summary><c>pipeline model inspect FOLDER</c>: what a folder holds, from its headers; a folder that could not be loaded is an error.</summary>
internal static class InspectCommand
{
    public static Command Create()
    {
        var folder = ModelArguments.Folder("The model.");
        var command = new Command("inspect", "Print family, shape, size, type and tokenizer of a model, as JSON.") { folder };
        command.SetAction(parsed =>
        {
            var path = parsed.GetRequiredValue(folder);
            var model = ModelFolder.Inspect(path);
            var tokenizer = File.Exists(Path.Combine(path, "tokenizer.json")) ? Tokenizer.Load(path) : null;
            Console.WriteLine(JsonSerializer.Serialize(new
            {
                Family = model.Config.Family.ToString().ToLowerInvariant(),
                Head = model.Head == ModelHead.LanguageModel ? "language_model" : "score",
                model.Parameters,
                Dtypes = model.Types,
                model.Files,
                model.Bytes,
                Shape = new
                {
                    model.Config.Layers,
                    Hidden = model.Config.HiddenSize,
                    Intermediate = model.Config.IntermediateSize,
                    model.Config.Heads,
                    KvHeads = model.Config.KeyValueHeads,
                    model.Config.HeadDim,
                    Vocabulary = model.Config.VocabSize,
                    model.Config.MaxPositions,
                    model.Config.RopeTheta,
                    RopeScaling = model.Config.RopeScaling?.ToString(),
                    model.Config.TieEmbeddings,
                },
                Tokenizer = tokenizer is null ? null : new { Vocabulary = tokenizer.VocabularySize, tokenizer.Digest, EosIds = tokenizer.EosIds.Order() },
            }, ProtocolJson.Indented));
            return StageExit.Done;
        });
        return command;
    }
}
