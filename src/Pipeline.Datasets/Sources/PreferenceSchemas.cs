using Pipeline.Datasets.Chat;
using Pipeline.Datasets.Parquet.Rows;

namespace Pipeline.Datasets.Sources;

/// <summary>
/// Pairs: <c>chosen</c> and <c>rejected</c>. Both may repeat the prompt, as TRL's implicit form and open-instruct's preference data
/// do; then the turns they begin with alike are the prompt.
/// </summary>
internal sealed class PreferenceSchema : ISourceSchema<PreferenceRow>
{
    public string Name => "preference";
    public string Summary => "chosen, rejected, and prompt unless both repeat it (TRL, open-instruct)";
    public string Becomes => "preferences";

    public bool Fits(RowFields row) => row.HasAll("chosen", "rejected");

    public PreferenceRow Convert(RowFields row, RowOrigin origin)
    {
        var chosen = row.Messages("chosen", ChatMessage.AssistantRole);
        var rejected = row.Messages("rejected", ChatMessage.AssistantRole);
        var shared = chosen.Zip(rejected).TakeWhile(turns => turns.First == turns.Second && turns.First.Role is not ChatMessage.AssistantRole).Count();
        shared = Math.Min(shared, Math.Min(chosen.Count, rejected.Count) - 1);
        if (shared == 0 && !row.Has("prompt")) throw new RowException(RowErrors.Missing, "prompt",
            "is missing, and 'chosen' and 'rejected' do not begin with the same turns. Add the column, or write both as turns.");
        // Earlier answers belong to the prompt as well, as long as both sides have them.
        while (shared < Math.Min(chosen.Count, rejected.Count) - 1 && chosen[shared] == rejected[shared]) shared++;
        var prompt = shared > 0 ? chosen.Take(shared).ToList() : row.Messages("prompt", ChatMessage.UserRole);
        var (better, worse) = (Turns.Answer([.. chosen.Skip(shared)], "chosen"), Turns.Answer([.. rejected.Skip(shared)], "rejected"));
        return better == worse
            ? throw new RowException(RowErrors.SameSides, "rejected", "is the same text as 'chosen': there is nothing to prefer. Drop the row.")
            : new PreferenceRow(Turns.ToAnswer(prompt, "prompt"), better, worse);
    }
}

/// <summary>Single completions with a verdict: TRL's unpaired preferences.</summary>
internal sealed class PointwiseSchema : ISourceSchema<PointwiseRow>
{
    public string Name => "trl-label";
    public string Summary => "prompt, completion, label (TRL's unpaired preference)";
    public string Becomes => "pointwise";

    public bool Fits(RowFields row) => row.HasAll("prompt", "completion", "label");

    public PointwiseRow Convert(RowFields row, RowOrigin origin) => new(
        Turns.ToAnswer(row.Messages("prompt", ChatMessage.UserRole), "prompt"),
        Turns.Answer(row.Messages("completion", ChatMessage.AssistantRole), "completion"),
        row.Flag("label"));
}
