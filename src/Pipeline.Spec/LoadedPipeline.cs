using System.Diagnostics.CodeAnalysis;
using Pipeline.Spec.Resolved;

namespace Pipeline.Spec;

/// <summary>A pipeline that can run, or everything that is wrong with it.</summary>
/// <param name="Pipeline">The pipeline; null if anything is wrong.</param>
/// <param name="Errors">What is wrong, in reading order.</param>
public sealed record LoadedPipeline(ResolvedPipeline? Pipeline, IReadOnlyList<SpecError> Errors)
{
    /// <summary>Whether it can run.</summary>
    [MemberNotNullWhen(true, nameof(Pipeline))]
    public bool IsValid => Pipeline is not null;
}
