using Pipeline.Datasets.Chat;
using Pipeline.Datasets.Packing;
using Pipeline.Datasets.Parquet;
using Pipeline.Datasets.Parquet.Rows;
using Pipeline.Stages.ChatModels;
using Pipeline.Stages.Hosting;

namespace Pipeline.Stages.Sft;

/// <summary>
/// Reads the conversations of the input <c>dataset</c> as examples. The chat encoder has checked of each that the last
/// token to be learnt is an end token: a model that never learns it never stops.
/// </summary>
internal static class ChatExamples
{
    /// <summary>Tokens of the longest row: what the user allows, and the model has positions for.</summary>
    public static int Limit(int maxLength, ChatModel model) => Math.Min(maxLength, model.Model.Config.MaxPositions);

    /// <exception cref="ConfigException">No row is left.</exception>
    public static TokenFile Read(StageContext stage, ChatModel model, int maxLength)
    {
        WarnIfPaddingEnds(stage, model);
        var limit = Limit(maxLength, model);
        var (all, unlearnable, tooLong) = (0, 0, 0);
        var examples = TokenFile.Of(Fitting(), stage.Folder.Path);
        Tell(stage, unlearnable, all, "ROW_NOTHING_TO_LEARN", "they have no assistant turn.");
        Tell(stage, tooLong, all, "ROW_TOO_LONG", $"they are longer than {limit} tokens (max_length, or the model's positions).");
        if (examples.Count > 0) return examples;
        examples.Dispose();
        throw new ConfigException(StageErrors.NothingToTrain,
            $"None of the {all} rows has an assistant turn and is at most {limit} tokens long. Raise max_length, or look at the rows.");

        // Nothing is cut: a cut example teaches never to stop.
        IEnumerable<TokenExample> Fitting()
        {
            foreach (var row in stage.Inputs("dataset").SelectMany(Dataset.Stream<SftRow>))
            {
                all++;
                if (row.Messages.All(message => message.Role != ChatMessage.AssistantRole)) unlearnable++;
                else if (model.Chat.Encode(row.Messages) is var example && example.Length <= limit) yield return example;
                else tooLong++;
            }
        }
    }

    private static void Tell(StageContext stage, int leftOut, int all, string code, string why)
    {
        if (leftOut > 0) stage.Events.Warn(0, code, FormattableString.Invariant($"{leftOut} of {all} rows ({100.0 * leftOut / all:0.#} %) were left out: {why}"));
    }

    private static void WarnIfPaddingEnds(StageContext stage, ChatModel model)
    {
        if (model.Tokenizer.PadId is { } pad && model.Tokenizer.EosIds.Contains(pad))
            stage.Events.Warn(0, "PAD_IS_EOS",
                $"The padding token {model.Tokenizer.TokenOf(pad)} also ends completions. Here the end is learnt all the same, since what is learnt is told by position; "
                + "a program that masks padding by its id would teach the model never to stop. Give it a pad_token of its own in tokenizer_config.json.");
    }
}
