using System.Globalization;
using System.Text;
using System.Text.Json;
using Pipeline.Engine.Runs;
using Pipeline.Protocol.Artifacts;

namespace Pipeline.Cli.Releasing;

/// <summary>The card of a released model, <c>README.md</c> with the front matter that the Hub reads: all of it from the run.</summary>
internal static class ModelCard
{
    private const int DigestLetters = 19; // "sha256:" and twelve digits: enough to tell, short enough for a table

    /// <summary>The card.</summary>
    /// <param name="run">The run.</param>
    /// <param name="lineage">What the model was made of.</param>
    /// <param name="licences">Its licences.</param>
    /// <param name="models">The evaluations of it and of what it was made of; its own have the name <paramref name="released"/>.</param>
    /// <param name="released">Names of the evaluations of this model.</param>
    /// <param name="isClassifier">Whether it scores, as a reward model does.</param>
    public static string Of(
        RunState run, Lineage lineage, Licences licences, IReadOnlyList<EvaluationReport> models, IReadOnlySet<string> released, bool isClassifier)
    {
        var (stage, text) = (lineage.Stages[^1], new StringBuilder());
        FrontMatter(text, lineage, licences, isClassifier);
        text.Append(Invariant($"# {Escape(run.Pipeline.Name)}, {Escape(stage.Instance)}\n\n"));
        if (run.Pipeline.Description is { } description) text.Append(Escape(description)).Append(".\n\n");
        text.Append(Invariant($"Made by stage `{stage.Instance}` of run `{run.Run}` on {run.Submitted:yyyy-MM-dd}"));
        if (stage.Outputs.Values.FirstOrDefault(output => output.Kind == ArtifactKind.Model)?.Parameters is { } parameters)
            text.Append(Invariant($", {parameters:#,0} parameters"));
        text.Append(". `pipeline.yaml` makes it again, `sha256sum -c SHA256SUMS` checks the files.\n");
        Results(text, models, released);
        Stages(text, lineage);
        Sources(text, licences);
        foreach (var made in lineage.Stages.Where(made => made.Stage.Options.Count > 0))
            text.Append(Invariant($"\n### Settings of {Escape(made.Instance)}\n\nSeed {made.Stage.Seed}.\n\n```json\n{made.Stage.Options.ToJsonString(s_indented)}\n```\n"));
        if (run.Program.Digest.Length > 0) text.Append(Invariant($"\nThe stages' program has the digest `{run.Program.Digest}`.\n"));
        return text.ToString();
    }

    private static readonly JsonSerializerOptions s_indented = new(Protocol.ProtocolJson.Indented);

    private static void FrontMatter(StringBuilder text, Lineage lineage, Licences licences, bool isClassifier)
    {
        text.Append("---\nlibrary_name: transformers\n").Append("pipeline_tag: ").Append(isClassifier ? "text-classification" : "text-generation").Append('\n');
        if (licences.Licence is { } licence) text.Append("license: ").Append(JsonSerializer.Serialize(licence)).Append('\n');
        List("base_model", ArtifactKind.Model);
        List("datasets", ArtifactKind.Dataset);
        text.Append("---\n\n");

        void List(string key, string kind)
        {
            // The Hub links to what it knows; a folder of ours means nothing there.
            var names = lineage.Sources.Where(source => source.IsOfHub && source.Kind == kind).Select(source => source.Name).Distinct().ToList();
            if (names.Count == 0) return;
            text.Append(key).Append(":\n");
            foreach (var name in names) text.Append("  - ").Append(JsonSerializer.Serialize(name)).Append('\n');
        }
    }

    private static void Results(StringBuilder text, IReadOnlyList<EvaluationReport> models, IReadOnlySet<string> released)
    {
        if (models.Count == 0)
        {
            text.Append("\nIt was not evaluated in this run.\n");
            return;
        }
        text.Append("\n## Held-out prompts\n\n| model | pass@1 | 95 % interval | prompts | samples | majority | format |\n|---|---:|---:|---:|---:|---:|---:|\n");
        foreach (var model in models)
        {
            var mark = released.Contains(model.Name) ? "**" : "";
            text.Append(Invariant($"| {mark}{Escape(model.Name)}{mark} | {Percent(model.PassAt1.Value)} | {Percent(model.PassAt1.Low)} to {Percent(model.PassAt1.High)} | {model.N} | {model.K} | {Percent(model.ConsAtK)} | {Percent(model.Format)} |\n"));
        }
        text.Append("\npass@1 is the share of right completions; its interval is by bootstrap over prompts. majority: prompts whose most frequent answer is right.\n");
    }

    private static void Stages(StringBuilder text, Lineage lineage)
    {
        text.Append("\n## How it was made\n\n| stage | uses | reads | makes |\n|---|---|---|---|\n");
        foreach (var stage in lineage.Stages)
        {
            var reads = stage.Stage.Inputs.Select(input => input.Value.Path is { } path
                ? Path.GetFileName(path.TrimEnd('/'))
                : $"{string.Join(" or ", input.Value.Makers)}.{input.Value.Output}").Distinct();
            var makes = stage.Outputs.OrderBy(output => output.Key, StringComparer.Ordinal).Select(output => $"{output.Key} `{Short(output.Value.Digest)}`");
            text.Append(Invariant($"| {Escape(stage.Instance)} | {stage.Stage.Uses} | {Escape(string.Join(", ", reads))} | {string.Join(", ", makes)} |\n"));
        }
    }

    private static void Sources(StringBuilder text, Licences licences)
    {
        text.Append("\n## Licences\n\n");
        if (licences.Known.Count > 0)
        {
            text.Append("| from outside | kind | version | licence |\n|---|---|---|---|\n");
            foreach (var (source, licence) in licences.Known)
                text.Append(Invariant($"| {Escape(source.Name)} | {source.Kind} | `{source.Revision ?? Short(source.Digest)}` | {licence ?? "unknown"} |\n"));
            text.Append('\n');
        }
        foreach (var warning in licences.Warnings) text.Append("* ").Append(Escape(warning)).Append('\n');
        if (licences.Warnings.Count == 0) text.Append(Invariant($"The model is under {licences.Licence}.\n"));
    }

    private static string Percent(double share) => double.IsFinite(share) ? Invariant($"{100 * share:0.0} %") : "-";

    private static string Short(string digest) => digest.Length > DigestLetters ? digest[..DigestLetters] : digest;

    private static string Escape(string text) => text.Replace("&", "&amp;").Replace("<", "&lt;").Replace("|", "\\|").Replace("`", "\\`").Replace("*", "\\*").ReplaceLineEndings(" ");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
