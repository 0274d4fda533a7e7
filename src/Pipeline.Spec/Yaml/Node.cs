using Pipeline.Spec.Expressions;

namespace Pipeline.Spec.Yaml;

/// <summary>A value of the pipeline file with its place. Immutable, so that an alias may share its anchor's node.</summary>
/// <param name="At">Where it begins.</param>
internal abstract record Node(Position At)
{
    /// <summary>Number of nodes below and including this one, aliases followed.</summary>
    public virtual long Size => 1;
}

/// <summary>A single value.</summary>
/// <param name="At">Where it begins.</param>
/// <param name="Value">
/// null, <see cref="bool"/>, <see cref="long"/>, <see cref="double"/> or <see cref="string"/>, see <see cref="CoreSchema"/>.
/// </param>
/// <param name="Text">What was written, without quotes.</param>
/// <param name="Origin">The expression it came from; null for one that stands in the file.</param>
internal sealed record ScalarNode(Position At, object? Value, string Text, string? Origin = null) : Node(At);

/// <summary>A sequence.</summary>
internal sealed record ListNode(Position At, IReadOnlyList<Node> Items) : Node(At)
{
    public override long Size { get; } = 1 + Items.Sum(item => item.Size);
}

/// <summary>A mapping; its keys are text and occur once.</summary>
internal sealed record MapNode(Position At, IReadOnlyList<Entry> Entries) : Node(At)
{
    public override long Size { get; } = 1 + Entries.Sum(entry => entry.Value.Size);

    /// <summary>The entry of that key; null if there is none.</summary>
    public Entry? Find(string key) => Entries.FirstOrDefault(entry => entry.Key == key);
}

/// <summary>A key of a mapping with its value.</summary>
internal sealed record Entry(string Key, Position At, Node Value);

/// <summary>A whole-value <c>${{ stages.x.outputs.y }}</c>, known only when that stage has run.</summary>
internal sealed record OutputNode(Position At, string Stage, string Output, StagePick? Pick = null) : Node(At);

/// <summary>Text with references that are filled in when the job is started.</summary>
/// <param name="At">Where it begins.</param>
/// <param name="Text">The text, its references written as <c>${{ job.file }}</c>.</param>
/// <param name="References">The references in it.</param>
internal sealed record LateTextNode(Position At, string Text, IReadOnlyList<Reference> References) : Node(At)
{
    /// <summary>Whether it is one reference and nothing else.</summary>
    public bool IsWhole => ExpressionText.Split(Text) is [{ IsExpression: true }];
}

/// <summary>A value whose error has been reported: whoever meets it says nothing more.</summary>
internal sealed record BrokenNode(Position At) : Node(At);
