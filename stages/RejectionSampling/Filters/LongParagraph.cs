using System.Text.RegularExpressions;
using Pipeline.Rewards;

namespace Pipeline.Stages.RejectionSampling.Filters;

/// <summary>A paragraph of its chain of thought goes on for too long to be read (DeepSeek-R1, section 2.3.3: "long paragraphs").</summary>
/// <remarks>A paragraph ends at an empty line. The paper names no length.</remarks>
internal sealed partial class LongParagraph(int mostWords) : ICompletionFilter
{
    public string Reason => "paragraph";

    public string Rule => $"a paragraph of more than {mostWords} words";

    public bool Drops(Candidate candidate) => EmptyLine().Split(Thinking.Of(candidate.Text))
        .Any(paragraph => paragraph.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length > mostWords);

    [GeneratedRegex(@"\n[ \t\r]*\n")]
    private static partial Regex EmptyLine();
}
