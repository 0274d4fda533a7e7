namespace Pipeline.Protocol.Options;

/// <summary>
/// Marks a string setting that refers to an artifact. In the pipeline file it holds a path or
/// <c>${{ stages.x.outputs.y }}</c>; the artifact becomes an input of the job, and in <c>job.json</c> the setting holds
/// that input's name.
/// </summary>
/// <param name="kind">The kind of artifact expected, see <see cref="Artifacts.ArtifactKind"/>.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ArtifactReferenceAttribute(string kind) : Attribute
{
    /// <summary>The kind of artifact expected.</summary>
    public string Kind { get; } = kind;
}
