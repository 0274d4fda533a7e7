using Pipeline.Datasets.Chat;
using Pipeline.Datasets.Parquet.Rows;

namespace Pipeline.Datasets.Sources;

/// <summary>verl's own schema.</summary>
internal sealed class VerlSchema : ISourceSchema<PromptRow>
{
    public string Name => "verl";
    public string Summary => "prompt, reward_model {style, ground_truth}, data_source, ability, extra_info";
    public string Becomes => "prompts";

    public bool Fits(RowFields row) => row.HasAll("prompt", "reward_model");

    public PromptRow Convert(RowFields row, RowOrigin origin)
    {
        var prompt = Turns.ToAnswer(row.Messages("prompt", ChatMessage.UserRole), "prompt");
        var judged = row.Struct("reward_model");
        var extra = row.OptionalStruct("extra_info");
        var style = judged.OptionalText("style") ?? "rule";
        var truth = style == "rule" ? judged.Single("ground_truth") : judged.OptionalText("ground_truth") ?? "";
        return new PromptRow(prompt, truth)
        {
            DataSource = row.OptionalText("data_source") ?? origin.Source,
            Ability = row.OptionalText("ability") ?? "math",
            RewardStyle = style,
            Index = extra?.OptionalInteger("index") ?? origin.Index,
            ProblemId = extra?.OptionalText("problem_id") ?? ProblemId.Of(prompt),
            Language = extra?.OptionalText("language"),
            Split = extra?.OptionalText("split"),
        };
    }
}

/// <summary>open-instruct's data for RL with verifiable rewards.</summary>
internal sealed class OpenInstructSchema : ISourceSchema<PromptRow>
{
    public string Name => "open-instruct";
    public string Summary => "messages, ground_truth, dataset (RLVR data)";
    public string Becomes => "prompts";

    public bool Fits(RowFields row) => row.HasAll("messages", "ground_truth");

    public PromptRow Convert(RowFields row, RowOrigin origin)
    {
        var turns = row.Messages("messages", ChatMessage.UserRole);
        if (turns.Count > 1 && turns[^1].Role == ChatMessage.AssistantRole) turns = [.. turns.SkipLast(1)]; // some of its sets keep an answer to imitate
        return new PromptRow(Turns.ToAnswer(turns, "messages"), row.Single("ground_truth"))
        {
            DataSource = row.Has("dataset") ? row.Single("dataset") : origin.Source,
            Index = origin.Index,
        };
    }
}

/// <summary>GSM8K (Cobbe et al., arXiv:2110.14168): the final answer stands after <c>####</c>.</summary>
internal sealed class Gsm8kSchema : ISourceSchema<PromptRow>
{
    private const string Mark = "####";

    public string Name => "gsm8k";
    public string Summary => "question, answer with `#### 42` at its end";
    public string Becomes => "prompts";

    public bool Fits(RowFields row) => row.HasAll("question", "answer") && row.OptionalText("answer")?.Contains(Mark, StringComparison.Ordinal) == true;

    public PromptRow Convert(RowFields row, RowOrigin origin)
    {
        var prompt = row.Text("question");
        var answer = row.Text("answer");
        var mark = answer.LastIndexOf(Mark, StringComparison.Ordinal);
        // Thousands have commas in some rows and none in others; verl takes them out as well.
        var truth = mark < 0 ? "" : answer[(mark + Mark.Length)..].Trim().Replace(",", "", StringComparison.Ordinal);
        return truth.Length == 0
            ? throw new RowException(RowErrors.NoAnswer, "answer", $"has no final answer behind '{Mark}'. Add it, or drop the row.")
            : new PromptRow([ChatMessage.User(prompt)], truth) { DataSource = origin.Source, Index = origin.Index };
    }
}

/// <summary>MATH and what is made like it, open-r1's math data included: the answer in a column of its own or in the solution's last box.</summary>
internal sealed class MathSchema : ISourceSchema<PromptRow>
{
    public string Name => "math";
    public string Summary => @"problem, solution with \boxed{}, or answer (MATH, MATH-500, open-r1)";
    public string Becomes => "prompts";

    public bool Fits(RowFields row) => row.HasAll("problem") && (row.HasAll("solution") || row.HasAll("answer"));

    public PromptRow Convert(RowFields row, RowOrigin origin)
    {
        var problem = row.Text("problem");
        var truth = string.IsNullOrWhiteSpace(row.OptionalText("answer")) ? Boxed.Last(row.Text("solution")) : row.Text("answer");
        return string.IsNullOrEmpty(truth)
            ? throw new RowException(RowErrors.NoAnswer, "solution", @"has no \boxed{} with a final answer in it, and there is no column 'answer'. Add one, or drop the row.")
            : new PromptRow([ChatMessage.User(problem)], truth)
            {
                DataSource = row.OptionalText("source") ?? origin.Source,
                Index = origin.Index,
                Language = row.OptionalText("language"),
            };
    }
}

/// <summary>Prompts with what a reward compares with, as TRL's GRPO trainer takes them.</summary>
internal sealed class TrlTruthSchema : ISourceSchema<PromptRow>
{
    private static readonly string[] s_truths = ["ground_truth", "solution", "answer"];

    public string Name => "trl-truth";
    public string Summary => "prompt, and ground_truth, solution or answer (TRL's GRPO)";
    public string Becomes => "prompts";

    public bool Fits(RowFields row) => row.HasAll("prompt") && s_truths.Any(truth => row.HasAll(truth));

    public PromptRow Convert(RowFields row, RowOrigin origin)
    {
        var column = s_truths.First(truth => row.HasAll(truth));
        var truth = row.Single(column);
        // Some have a whole solution where others have the answer alone.
        return new PromptRow(Turns.ToAnswer(row.Messages("prompt", ChatMessage.UserRole), "prompt"), Boxed.Last(truth) ?? truth) { DataSource = origin.Source, Index = origin.Index };
    }
}

/// <summary>Prompts that a model judges, or nobody.</summary>
internal sealed class TrlPromptSchema : ISourceSchema<PromptRow>
{
    public string Name => "trl-prompt";
    public string Summary => "prompt alone (TRL's prompt-only)";
    public string Becomes => "prompts";

    public bool Fits(RowFields row) => row.HasAll("prompt");

    public PromptRow Convert(RowFields row, RowOrigin origin) => new(Turns.ToAnswer(row.Messages("prompt", ChatMessage.UserRole), "prompt"), "")
    {
        DataSource = origin.Source, Index = origin.Index, Ability = "general", RewardStyle = "model",
    };
}
