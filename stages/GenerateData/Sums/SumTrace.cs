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
    public static SumTrace Clean(SumProblem problem) => Write(problem, () => problem.Phrases);

    /// <summary>Every step right, each in a random language.</summary>
    public static SumTrace Mixed(SumProblem problem, Random random) =>
        Write(problem, () => Phrases.All[random.Next(Phrases.All.Count)]);

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
        return Write(problem, () => problem.Phrases, (step, right) => step == wrongStep ? Math.Max(0, right + error) : right);
    }

    /// <summary>One step is off by one or two, the next line notices and corrects it: the answer is right.</summary>
    public static SumTrace SelfCorrecting(SumProblem problem, Random random)
    {
        var (clean, corrected, error) = (Clean(problem), random.Next(problem.Terms.Count - 1), Error(random));
        var right = problem.Terms.Take(corrected + 2).Sum();
        var line = clean.Lines[corrected];
        string[] correction = [line[..line.LastIndexOf(' ')] + $" {Math.Max(0, right + error)}", problem.Phrases.Wait + line];
        return clean with { Lines = [.. clean.Lines.Take(corrected), .. correction, .. clean.Lines.Skip(corrected + 1)] };
    }

    /// <param name="problem">The sum.</param>
    /// <param name="language">The language of a step.</param>
    /// <param name="result">What is written as a step's result, by its number and right result; null: the right one.</param>
    private static SumTrace Write(SumProblem problem, Func<Phrases> language, Func<int, int, int>? result = null)
    {
        var lines = new List<string>();
        var (total, written) = (problem.Terms[0], problem.Label(0));
        for (var step = 0; step < problem.Terms.Count - 1; step++)
        {
            total += problem.Terms[step + 1];
            total = result?.Invoke(step, total) ?? total;
            lines.Add(language().Step(written, problem.Label(step + 1), total));
            written = total.ToString(CultureInfo.InvariantCulture);
        }
        return new SumTrace(lines, written);
    }

    private static int Error(Random random) => (random.Next(2) == 0 ? 1 : -1) * random.Next(1, 3);
}
