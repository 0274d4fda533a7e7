using System.Text.RegularExpressions;
using Pipeline.Protocol.Artifacts;

namespace Pipeline.Spec.Loading;

/// <summary>A repository of the Hugging Face Hub, written where a path could stand: <c>hf:Qwen/Qwen2.5-1.5B@COMMIT</c>.</summary>
/// <param name="Kind">A model or a dataset.</param>
/// <param name="Repository">Owner and name.</param>
/// <param name="Revision">The commit.</param>
/// <param name="Files">Pattern of the files that are meant; null for what is usual.</param>
internal sealed partial record HubReference(string Kind, string Repository, string Revision, string? Files)
{
    /// <summary>How it is written.</summary>
    public const string Form = "hf:OWNER/NAME@COMMIT or hf-dataset:OWNER/NAME@COMMIT, both with :FILES if not the usual files are meant";

    private const string Model = "hf:";
    private const string Dataset = "hf-dataset:";

    /// <summary>Whether the text is meant as one.</summary>
    public static bool IsOne(string text) => text.StartsWith(Model, StringComparison.Ordinal) || text.StartsWith(Dataset, StringComparison.Ordinal);

    /// <summary>What the text means to fetch.</summary>
    public static string KindOf(string text) => text.StartsWith(Model, StringComparison.Ordinal) ? ArtifactKind.Model : ArtifactKind.Dataset;

    /// <summary>The reference; null if the text is not of the form.</summary>
    public static HubReference? Read(string text) => Written().Match(text) is { Success: true } match
        ? new(KindOf(text), match.Groups["name"].Value, match.Groups["commit"].Value, match.Groups["files"] is { Success: true } files ? files.Value : null)
        : null;

    [GeneratedRegex(@"^hf(-dataset)?:(?<name>[\w.-]+/[\w.-]+)@(?<commit>[0-9a-f]{40})(:(?<files>.+))?$")]
    private static partial Regex Written();
}
