using System.Globalization;
using Pipeline.Protocol.Artifacts;

namespace Pipeline.Stages.Evaluation.Verb;

/// <summary>An evaluation as text for a terminal.</summary>
internal static class EvaluationText
{
    /// <summary>Writes the numbers, one a line, and pass@1 by level and subject.</summary>
    public static void Write(EvaluationReport report, TextWriter to)
    {
        to.WriteLine($"{report.Name}: {report.N} problems x {report.K} completions");
        Line("pass@1", $"{Accuracy(report.PassAt1)}  standard error {Percent(report.PassAt1.StandardError)}");
        foreach (var pass in report.PassAt.Where(pass => pass.K > 1)) Line($"pass@{pass.K}", Percent(pass.Value));
        Line($"cons@{report.K}", Percent(report.ConsAtK));
        Line("format", Percent(report.Format));
        if (report.Mixing is { } mixing) Line("mixing", Percent(mixing));
        Line("repetition", Percent(report.Repetition));
        Line("truncation", Percent(report.Truncation));
        Line("length", string.Create(CultureInfo.InvariantCulture, $"{report.MeanLength:0.0} tokens"));
        Line("reflection", Percent(report.Reflection));
        Line("corrected", Percent(report.Corrected));
        Line("outcomes", string.Join(", ", report.Outcomes.Select(outcome => $"{outcome.Value} {outcome.Key}")));
        foreach (var (title, groups) in new[] { ("level", report.ByLevel), ("subject", report.BySubject) })
            foreach (var group in groups) Line($"{title} {group.Name}", $"{Accuracy(group.PassAt1)}  n {group.N}");

        void Line(string name, string value) => to.WriteLine($"  {name,-32}  {value}");
    }

    /// <summary>A share and its interval.</summary>
    public static string Accuracy(Estimate share) => $"{Percent(share.Value)}  ({Percent(share.Low)} to {Percent(share.High)})";

    /// <summary>A share in percent.</summary>
    public static string Percent(double? share) =>
        share is { } value && double.IsFinite(value) ? string.Create(CultureInfo.InvariantCulture, $"{100 * value:0.0} %") : "-";
}
