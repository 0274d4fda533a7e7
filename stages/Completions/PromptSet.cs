using Pipeline.Datasets.Parquet;
using Pipeline.Datasets.Parquet.Rows;
using Pipeline.Rewards;
using Pipeline.Stages.ChatModels;
using Pipeline.Stages.Hosting;

namespace Pipeline.Stages.Completions;

/// <summary>Reads datasets of prompts, leaves out what cannot be used, and says how much that was.</summary>
public static class PromptSet
{
    /// <param name="paths">The datasets, read one after the other.</param>
    /// <param name="model">Whose template and tokenizer write the prompts.</param>
    /// <param name="maxTokens">Room a completion needs after the prompt, in tokens.</param>
    /// <param name="events">Where is said what was left out.</param>
    /// <param name="limit">Rows taken from the start; null for all.</param>
    /// <returns>At least one prompt, in the datasets' order.</returns>
    /// <exception cref="ConfigException">No prompt is left.</exception>
    public static IReadOnlyList<ChatPrompt> Read(
        IReadOnlyList<string> paths, ChatModel model, int maxTokens, StageEvents events, int? limit = null) =>
        Of([.. paths.SelectMany(Dataset.Read<PromptRow>).Take(limit ?? int.MaxValue)], string.Join(", ", paths), model, maxTokens, events);

    /// <summary>The same of rows that were read already.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="source">Where they are from, for messages.</param>
    /// <param name="model">Whose template and tokenizer write the prompts.</param>
    /// <param name="maxTokens">Room a completion needs after the prompt, in tokens.</param>
    /// <param name="events">Where is said what was left out.</param>
    public static IReadOnlyList<ChatPrompt> Of(IReadOnlyList<PromptRow> rows, string source, ChatModel model, int maxTokens, StageEvents events)
    {
        var positions = model.Model.Config.MaxPositions;
        var prompts = Comparable(rows, events).Select(row => ChatPrompt.Of(row, model.Chat)).ToList();
        var fitting = prompts.Where(prompt => prompt.Ids.Length + maxTokens <= positions).ToList();
        if (fitting.Count < prompts.Count)
            events.Warn(0, "PROMPT_TOO_LONG",
                $"{prompts.Count - fitting.Count} of {prompts.Count} prompts were left out: with {maxTokens} tokens of completion they exceed the model's {positions} positions.");
        return fitting.Count > 0 ? fitting : throw NothingLeft(source);
    }

    /// <summary>Prompts for an endpoint, which knows by itself how long one may be.</summary>
    /// <param name="paths">The datasets, read one after the other.</param>
    /// <param name="events">Where is said what was left out.</param>
    /// <returns>At least one prompt, in the datasets' order.</returns>
    /// <exception cref="ConfigException">No prompt is left.</exception>
    public static IReadOnlyList<ChatPrompt> Read(IReadOnlyList<string> paths, StageEvents events) =>
        Comparable([.. paths.SelectMany(Dataset.Read<PromptRow>)], events) is { Count: > 0 } rows
            ? [.. rows.Select(ChatPrompt.OfMessages)]
            : throw NothingLeft(string.Join(", ", paths));

    private static List<PromptRow> Comparable(IReadOnlyList<PromptRow> rows, StageEvents events)
    {
        // What nobody can match would punish right answers if it were scored 0.
        var comparable = rows.Where(IsComparable).ToList();
        if (comparable.Count < rows.Count)
            events.Warn(0, "GROUND_TRUTH_UNPARSABLE",
                $"{rows.Count - comparable.Count} of {rows.Count} prompts were left out: their ground truth cannot be compared with anything, "
                + $"such as \"{rows.Except(comparable).First().GroundTruth}\".");
        return comparable;
    }

    private static ConfigException NothingLeft(string source) => new(StageErrors.NothingToTrain,
        $"No prompt of {source} can be used; the warnings say why.");

    /// <summary>Whether a right answer could be told from a wrong one; what a model judges is its own business.</summary>
    private static bool IsComparable(PromptRow row) =>
        row.RewardStyle != "rule" || (row.GroundTruth.Length > 0 && Verifier.CanJudge(row.Ability, row.GroundTruth));
}
