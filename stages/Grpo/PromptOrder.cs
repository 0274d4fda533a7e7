using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.Datasets.Packing;
using Pipeline.Protocol;
using Pipeline.Protocol.Options;
using Pipeline.Stages.Completions;

namespace Pipeline.Stages.Grpo;

/// <summary>A prompt whose turn it is.</summary>
/// <param name="Row">Its number.</param>
/// <param name="Epoch">The pass over the prompts in which it was dealt out.</param>
/// <param name="Prompt">The prompt.</param>
internal sealed record DealtPrompt(int Row, long Epoch, ChatPrompt Prompt);

/// <summary>
/// Deals out prompts, in a new seeded order each epoch. Under a curriculum it passes over those that the policy solved too
/// often or too seldom when they were last sampled, until they have rested.
/// </summary>
/// <param name="prompts">All prompts.</param>
/// <param name="seed">Of the order.</param>
/// <param name="curriculum">When a prompt is passed over; null for never.</param>
internal sealed class PromptOrder(IReadOnlyList<ChatPrompt> prompts, ulong seed, CurriculumOptions? curriculum)
{
    private readonly ShuffledRows _rows = new(seed, prompts.Count);

    /// <summary>The next prompts.</summary>
    /// <param name="cursor">Where to begin.</param>
    /// <param name="count">How many.</param>
    /// <param name="memory">What <see cref="Remember"/> has written.</param>
    /// <returns>The prompts, and where to go on.</returns>
    public (IReadOnlyList<DealtPrompt> Dealt, DataCursor Next) Take(DataCursor cursor, int count, JsonObject memory)
    {
        var dealt = new List<DealtPrompt>(count);
        // One round over all prompts may find none; then the next is taken however easy it is.
        for (var passed = 0; dealt.Count < count;)
        {
            var epoch = cursor.Epoch;
            (var rows, cursor) = _rows.Take(cursor, 1);
            if (curriculum is not null && Rests(rows[0], epoch, memory) && passed++ < prompts.Count) continue;
            dealt.Add(new(rows[0], epoch, prompts[rows[0]]));
        }
        return (dealt, cursor);
    }

    /// <summary>Remembers how much of a prompt's group was right.</summary>
    /// <param name="dealt">The prompt.</param>
    /// <param name="group">Its completions.</param>
    /// <param name="memory">Saved in checkpoints.</param>
    public void Remember(DealtPrompt dealt, IReadOnlyList<ScoredCompletion> group, JsonObject memory)
    {
        var verdicts = group.Select(one => one.IsCorrect).OfType<bool>().ToList();
        if (curriculum is null || verdicts.Count == 0) return;
        if (memory["pass_rates"] is not JsonObject rates) memory["pass_rates"] = rates = [];
        rates[$"{dealt.Row}"] = JsonSerializer.SerializeToNode(
            new PassRate(verdicts.Count(isCorrect => isCorrect) / (double)verdicts.Count, dealt.Epoch), ProtocolJson.Line);
    }

    private bool Rests(int row, long epoch, JsonObject memory) =>
        memory["pass_rates"]?[$"{row}"].Deserialize<PassRate>(ProtocolJson.Line) is { } last
        && (last.Rate < curriculum!.MinPassRate || last.Rate > curriculum.MaxPassRate)
        && epoch <= last.Epoch + curriculum.Rest;

    private sealed record PassRate(double Rate, long Epoch);
}
