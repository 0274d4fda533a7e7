using Pipeline.Spec.Yaml;

namespace Pipeline.Spec.Loading;

/// <summary>Collects what is wrong, so that all of it is told at once.</summary>
internal sealed class Problems
{
    private readonly HashSet<SpecError> _errors = [];

    /// <summary>Whether anything is wrong.</summary>
    public bool Any => _errors.Count > 0;

    /// <summary>Adds one; saying the same twice, as an alias can make a reader do, counts once.</summary>
    public void Add(string code, Position at, string message) =>
        _errors.Add(new SpecError(code, at.Source.Name, at.Line, at.Column, message));

    /// <summary>In reading order: the file from top to bottom, then the command line.</summary>
    public IReadOnlyList<SpecError> InOrder() =>
        [.. _errors.OrderBy(error => error.Line == 0).ThenBy(error => error.Line).ThenBy(error => error.Column)];
}
