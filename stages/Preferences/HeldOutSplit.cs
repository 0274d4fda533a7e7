using System.Globalization;
using Pipeline.Datasets.Parquet.Rows;
using Pipeline.Stages.Hosting;

namespace Pipeline.Stages.Preferences;

/// <summary>
/// Parts rows into those to train on and those to measure by. A row's content decides, so equal rows are on the same
/// side and the split is the same whatever order or company a row comes in.
/// </summary>
/// <typeparam name="TExample">A row as tokens.</typeparam>
/// <param name="Training">At least one.</param>
/// <param name="HeldOut">May be empty.</param>
internal sealed record HeldOutSplit<TExample>(IReadOnlyList<TExample> Training, IReadOnlyList<TExample> HeldOut)
{
    /// <param name="stage">Where is said what was left out.</param>
    /// <param name="heldOut">Share that is held out.</param>
    /// <param name="longest">Longest text, in tokens: of the options or of the model, whichever is less.</param>
    /// <param name="examples">Each with the text that it is told by and its longest row, in tokens.</param>
    /// <exception cref="ConfigException">Nothing is left to train on.</exception>
    public static HeldOutSplit<TExample> Of(
        StageContext stage, double heldOut, int longest, IReadOnlyList<(string Content, int Length, TExample Example)> examples)
    {
        var fitting = examples.Where(example => example.Length <= longest).ToList();
        if (fitting.Count < examples.Count)
            stage.Events.Warn(0, "ROW_TOO_LONG",
                $"{examples.Count - fitting.Count} of {examples.Count} rows were left out: they are longer than {longest} tokens (max_length, or the model's positions).");
        var sides = fitting.ToLookup(example => Fraction(example.Content) < heldOut, example => example.Example);
        return sides[false].Any() ? new([.. sides[false]], [.. sides[true]]) : throw new ConfigException(StageErrors.NothingToTrain,
            $"None of the {examples.Count} rows is left to train on. Raise max_length, lower held_out, or give more rows.");
    }

    /// <summary>The content's hash as a number in [0, 1).</summary>
    private static double Fraction(string content) =>
        ulong.Parse(ProblemId.Of(content), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / Math.Pow(2, 64);
}
