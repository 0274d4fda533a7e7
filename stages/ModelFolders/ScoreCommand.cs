using System.CommandLine;
using System.Text.Json;
using Pipeline.Datasets.Tokenization;
using Pipeline.Protocol;
using Pipeline.Protocol.Jobs;
using Pipeline.Stages.Hosting;
using Pipeline.Training.Losses;
using Pipeline.Training.Models;
using static TorchSharp.torch;

namespace Pipeline.Stages.ModelFolders;

/// <summary><c>pipeline model score --model FOLDER --ids 1,2,3</c>: how likely a model finds each token after those before it.</summary>
internal static class ScoreCommand
{
    public static Command Create()
    {
        var model = new Option<string>("--model") { Description = "The model's folder.", Required = true };
        var ids = new Option<string?>("--ids") { Description = "Token ids, with commas between them." };
        var text = new Option<string?>("--text") { Description = "Text, encoded by the model's tokenizer; nothing is added to it." };
        var command = new Command("score", "Print the log-probability of each token after those before it, as JSON.") { model, ids, text };
        command.SetAction(parsed =>
        {
            var folder = parsed.GetRequiredValue(model);
            var tokens = Tokens(folder, parsed.GetValue(ids), parsed.GetValue(text));
            var logProbs = Score(folder, tokens);
            Console.WriteLine(JsonSerializer.Serialize(new
            {
                Ids = tokens,
                LogProbs = (float?[])[null, .. logProbs], // nothing stands before the first token to predict it from
                Sum = logProbs.Sum(value => (double)value),
            }, ProtocolJson.Line));
            return StageExit.Done;
        });
        return command;
    }

    private static int[] Tokens(string folder, string? ids, string? text)
    {
        int[] tokens = (ids, text) switch
        {
            ({ } list, null) => [.. list.Split(',').Select(id => int.TryParse(id, out var number) ? number : throw Wrong($"--ids has '{id}', which is no number."))],
            (null, { } words) => Tokenizer.Load(folder).Encode(words),
            _ => throw Wrong("Give either --ids or --text."),
        };
        return tokens.Length > 1 ? tokens : throw Wrong("There is one token at most; the first has nothing before it, so at least two are needed.");
    }

    private static float[] Score(string folder, int[] tokens)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        using var model = ModelFolder.LoadLanguageModel(folder);
        foreach (var token in tokens)
            if (token < 0 || token >= model.Config.VocabSize)
                throw Wrong($"Token {token} is not in the model's vocabulary, which ends at {model.Config.VocabSize - 1}.");
        var row = tensor(tokens.Select(token => (long)token).ToArray()).unsqueeze(0);                      // [1, seq]
        var targets = row.narrow(1, 1, tokens.Length - 1);
        var (logProbs, _) = ChunkedTokenLogProbs.Of(
            model.HiddenStates(row.narrow(1, 0, tokens.Length - 1)), model.OutputWeight, targets, targets.ge(0));
        return logProbs.data<float>().ToArray();
    }

    private static ConfigException Wrong(string message) => new(StageErrors.OptionInvalid, message);
}
