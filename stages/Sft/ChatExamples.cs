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

    /// <exception cref="ConfigException">No row is short enough.</exception>
    public static IReadOnlyList<TokenExample> Read(StageContext stage, ChatModel model, int maxLength)
    {
        var limit = Limit(maxLength, model);
        var all = stage.Inputs("dataset").SelectMany(Dataset.Read<SftRow>).Select(row => model.Chat.Encode(row.Messages)).ToList();
        // Nothing is cut: a cut example teaches never to stop.
        var examples = all.Where(example => example.Length <= limit).ToList();
        if (examples.Count < all.Count)
            stage.Events.Warn(0, "ROW_TOO_LONG",
                $"{all.Count - examples.Count} of {all.Count} rows were left out: they are longer than {limit} tokens (max_length, or the model's positions).");
        return examples.Count > 0 ? examples : throw new ConfigException(StageErrors.NothingToTrain,
            $"None of the {all.Count} rows is at most {limit} tokens long. Raise max_length, or shorten the rows.");
    }
}
