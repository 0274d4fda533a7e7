using Pipeline.Protocol.Artifacts;
using Pipeline.Protocol.Options;

namespace Pipeline.Protocol.Stages;

/// <summary>A kind of stage: what <c>uses:</c> may name, what it reads and makes, and how it is set.</summary>
/// <param name="Name">The name after <c>uses:</c>.</param>
/// <param name="Version">Bumped by hand when the same job gives other results; part of the fingerprint.</param>
/// <param name="Options">The options record.</param>
/// <param name="Inputs">What it reads.</param>
/// <param name="Outputs">What it makes.</param>
public sealed record StageKind(
    string Name, int Version, Type Options, IReadOnlyList<InputPort> Inputs, IReadOnlyList<OutputPort> Outputs)
{
    /// <summary>Whether it takes optimizer steps, so that it can end early with a model: <c>stop_when</c>.</summary>
    public bool Trains { get; } = typeof(OptimizerOptions).IsAssignableFrom(Options);

    /// <summary>Alarms that it raises, which a <c>stop_when</c> may name.</summary>
    public IReadOnlyList<string> Alarms { get; init; } = [];
}

/// <summary>A named input of a stage kind.</summary>
/// <param name="Name">Its name under <c>inputs:</c>.</param>
/// <param name="Kinds">The kinds of artifact it takes.</param>
/// <param name="Required">Whether it must be given.</param>
/// <param name="TakesList">Whether several artifacts may be given.</param>
public sealed record InputPort(string Name, IReadOnlyList<string> Kinds, bool Required = true, bool TakesList = false);

/// <summary>A named output of a stage kind.</summary>
/// <param name="Name">Its name after <c>outputs.</c></param>
/// <param name="Kind">Its kind, see <see cref="ArtifactKind"/>.</param>
public sealed record OutputPort(string Name, string Kind);
