using Pipeline.Datasets.Chat;
using Pipeline.Datasets.Packing;
using Pipeline.Datasets.Parquet;
using Pipeline.Datasets.Parquet.Rows;
using Pipeline.Protocol.Options;
using Pipeline.Rewards;
using Pipeline.Stages.Hosting;

namespace Pipeline.Stages.RejectionSampling;

/// <summary>Rows of other tasks, so that the student does not unlearn them (DeepSeek-R1, section 2.3.3, "non-reasoning data").</summary>
/// <param name="Rows">In a seeded order.</param>
/// <param name="Trivial">How many of them lost their chain of thought.</param>
internal sealed record GeneralRows(IReadOnlyList<SftRow> Rows, int Trivial)
{
    /// <summary>As many rows of the input <c>general</c> as make up their share beside the kept completions.</summary>
    public static GeneralRows For(StageContext stage, RejectionSamplingOptions options, int kept)
    {
        if (stage.Job.InputsOf("general").Count == 0) return new([], 0);
        var all = stage.Inputs("general").SelectMany(Dataset.Read<SftRow>).ToList();
        var wanted = (int)Math.Round(kept * options.GeneralShare / (1 - options.GeneralShare));
        if (wanted > all.Count)
            stage.Events.Warn(0, "GENERAL_ROWS_FEW",
                $"A share of {options.GeneralShare} beside {kept} kept completions is {wanted} general rows, and there are {all.Count}: all of them were taken.");
        var rows = SeededOrder.Permutation(Seeds.Of(stage.Seed, "general"), epoch: 0, all.Count).Take(wanted).Select(index => all[index]).ToList();
        var plain = rows.Select(row => Plain(row, options.TrivialWords)).ToList();
        return new(plain, rows.Zip(plain).Count(pair => pair.First != pair.Second));
    }

    /// <summary>The row, without its chain of thought if the request has at most so many words.</summary>
    internal static SftRow Plain(SftRow row, int trivialWords) => IsTrivial(row, trivialWords) ? WithoutThought(row) : row;

    private static bool IsTrivial(SftRow row, int words) => words > 0
        && row.Messages.LastOrDefault(turn => turn.Role == ChatMessage.UserRole) is { } request
        && request.Content.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length <= words;

    private static SftRow WithoutThought(SftRow row)
    {
        var answer = row.Messages[^1];
        var summary = Thinking.After(answer.Content).TrimStart();
        return summary.Length == 0 || summary == answer.Content ? row : row with { Messages = [.. row.Messages.SkipLast(1), answer with { Content = summary }] };
    }
}
