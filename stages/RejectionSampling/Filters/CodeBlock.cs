using Pipeline.Rewards;

namespace Pipeline.Stages.RejectionSampling.Filters;

/// <summary>Its chain of thought holds a fenced code block (DeepSeek-R1, section 2.3.3: "code blocks"); the answer may.</summary>
internal sealed class CodeBlock : ICompletionFilter
{
    private const string Fence = "```";

    public string Reason => "code_block";

    public string Rule => "a code block in the chain of thought";

    public bool Drops(Candidate candidate) => In(candidate.Text);

    /// <summary>Whether the chain of thought of a completion holds one.</summary>
    internal static bool In(string text) => Thinking.Of(text).Contains(Fence, StringComparison.Ordinal);
}
