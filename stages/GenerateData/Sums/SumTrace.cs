using System.Globalization;

namespace Pipeline.Stages.GenerateData.Sums;

/// <summary>A written solution of a sum, good or flawed, as text that a model is to continue from the prompt.</summary>
/// <param name="Lines">The steps, one a line.</param>
/// <param name="Answer">The total it ends with, right or wrong.</param>
internal sealed record SumTrace(IReadOnlyList<string> Lines, string Answer)
{
    /// <summary>Reasoning and answer told apart by tags.</summary>
    public string Tagged => $"<think>{string.Join('\n', Lines)}</think><answer>{Answer}</answer>";

    /// <summary>The same words without the tags, as text in the wild has it.</summary>
    public string Untagged => $"{string.Join('\n', Lines)}\n{Answer}";

    /// <summary>Every step right, in the language of the problem.</summary>
    public static SumTrace Clean(SumProblem problem) => Write(problem, (_, _) => problem.Phrases);

    /// <summary>Every step right, each in a random language.</summary>
    public static SumTrace Mixed(SumProblem problem, Random random) =>
        Write(problem, (_, _) => Phrases.All[random.Next(Phrases.All.Count)]);

    /// <summary>Every step right, one of them said two to four times.</summary>
    public static SumTrace Repetitive(SumProblem problem, Random random)
    {
        var clean = Clean(problem);
        var repeated = random.Next(clean.Lines.Count);
        var lines = clean.Lines.SelectMany((line, step) => Enumerable.Repeat(line, step == repeated ? random.Next(2, 5) : 1));
        return clean with { Lines = [.. lines] };
    }

    /// <summary>One step is off by one or two and the rest follows from it: the answer is wrong.</summary>
    public static SumTrace Wrong(SumProblem problem, Random random)
    {
        var (wrongStep, error) = (random.Next(problem.Terms.Count - 1), Error(random));
        return Write(problem, (_, _) => problem.Phrases, (step, right) => step == wrongStep ? Math.Max(0, right + error) : right);
    }

    /// <summary>One step is off by one or two, the next line notices and corrects it: the answer is right.</summary>
    public static SumTrace SelfCorrecting(SumProblem problem, Random random)
    {
        var (phrases, correctedStep, error) = (problem.Phrases, random.Next(problem.Terms.Count - 1), Error(random));
        var lines = new List<string>();
        var total = problem.Terms[0];
        for (var step = 0; step < problem.Terms.Count - 1; step++)
        {
            var term = problem.Terms[step + 1];
            if (step == correctedStep) lines.Add(phrases.Step(total, term, Math.Max(0, total + term + error)));
            lines.Add((step == correctedStep ? phrases.Wait : "") + phrases.Step(total, term, total + term));
            total += term;
        }
        return new SumTrace(lines, problem.Answer);
    }

    /// <param name="problem">The sum.</param>
    /// <param name="language">The language of a step, by its number and right result.</param>
    /// <param name="result">What is written as a step's result, by its number and right result; null: the right one.</param>
    private static SumTrace Write(SumProblem problem, Func<int, int, Phrases> language, Func<int, int, int>? result = null)
    {
        var lines = new List<string>();
        var total = problem.Terms[0];
        for (var step = 0; step < problem.Terms.Count - 1; step++)
        {
            var term = problem.Terms[step + 1];
            var right = total + term;
            var written = result?.Invoke(step, right) ?? right;
            lines.Add(language(step, right).Step(total, term, written));
            total = written;
        }
        return new SumTrace(lines, total.ToString(CultureInfo.InvariantCulture));
    }

    private static int Error(Random random) => (random.Next(2) == 0 ? 1 : -1) * random.Next(1, 3);
}
