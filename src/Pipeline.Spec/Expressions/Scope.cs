using Pipeline.Spec.Loading;
using Pipeline.Spec.Yaml;

namespace Pipeline.Spec.Expressions;

/// <summary>What <c>${{ }}</c> can refer to when the file is loaded.</summary>
/// <param name="Params">Values of the parameters by name; null where parameters cannot be used.</param>
/// <param name="Environment">Looks up an environment variable; null if it is not set.</param>
internal sealed record Scope(IReadOnlyDictionary<string, Node>? Params, Func<string, string?> Environment)
{
    /// <summary>Values of the instance at hand by name; null outside of a stage with a matrix.</summary>
    public IReadOnlyDictionary<string, Node>? Matrix { get; init; }

    /// <summary>Names of the values that every stage has: a reference to another stage means its instance with the same ones.</summary>
    public IReadOnlyList<string> Shared { get; init; } = [];

    private static readonly string[] Roots = ["params", "matrix", "stages", "run", "job", "env", "secrets"];

    /// <summary>
    /// What a reference stands for: a value, an output of a stage, text that is filled in later, or, with an error
    /// added, a broken node.
    /// </summary>
    public Node Resolve(Reference reference, Position at, Problems problems)
    {
        Node Refuse(string code, string message)
        {
            problems.Add(code, at, message);
            return new BrokenNode(at);
        }

        switch (reference.Names)
        {
            case ["params", ..] when Params is null:
                return Refuse(
                    SpecErrors.MisplacedReference,
                    "A parameter cannot refer to parameters; only env.NAME can be used here.");
            case ["params", var name]:
                return Params.TryGetValue(name, out var value)
                    ? value is ScalarNode known ? known with { At = at, Origin = $"{reference}" } : value
                    : Refuse(
                        SpecErrors.UnknownReference,
                        $"There is no parameter '{name}'; {DidYouMean.Or("the parameters", name, Params.Keys)}");
            case ["env", var name]:
                return Environment(name) is { } text
                    ? new ScalarNode(at, text, text, $"{reference}")
                    : Refuse(
                        SpecErrors.UnknownReference,
                        $"The environment variable {name} is not set. Set it, or use a parameter with a default.");
            case ["stages", var stage, "outputs", var output]:
                return new OutputNode(at, stage, output, reference.Pick switch
                {
                    InstancePick pick => WithValues(pick),
                    null when Matrix is not null && Shared.Count > 0 => WithValues(new InstancePick(Shared.ToDictionary(name => name, name => $"matrix.{name}"))),
                    var other => other,
                });
            case ["stages", var stage, "metrics", ..]:
                return Refuse(
                    SpecErrors.NotSupported,
                    $"'stages.{stage}.metrics' is not supported yet: of another stage only its outputs can be used.");
            case ["stages", ..]:
                return Refuse(
                    SpecErrors.Expression,
                    $"'{reference}' is not a reference to a stage's output; write stages.<id>.outputs.<name>.");
            case ["run", "id"] or ["job", "file"] or ["secrets", _]:
                return new LateTextNode(at, $"${{{{ {reference} }}}}", [reference]);
            case ["matrix", ..] when Matrix is null:
                return Refuse(SpecErrors.MisplacedReference, $"'{reference}' has a value only inside a stage with 'strategy: {{ matrix: ... }}'.");
            case ["matrix", var name]:
                return Matrix.TryGetValue(name, out var member)
                    ? member is ScalarNode one ? one with { At = at, Origin = $"{reference}" } : member
                    : Refuse(
                        SpecErrors.UnknownReference,
                        $"The matrix has no '{name}'; {DidYouMean.Or("it has", name, Matrix.Keys)}");
            case ["run" or "job", ..]:
                return Refuse(SpecErrors.UnknownReference, $"There is no '{reference}'; there are run.id and job.file.");
            case [var root, ..] when Roots.Contains(root):
                return Refuse(SpecErrors.Expression, $"'{reference}' names no single value; write {root}.<name>.");
            case [var name] when Params?.ContainsKey(name) == true:
                return Refuse(SpecErrors.UnknownReference, $"There is no '{name}'; did you mean 'params.{name}'?");
            default:
                return Refuse(
                    SpecErrors.UnknownReference,
                    $"There is no '{reference.Root}'; {DidYouMean.Or("an expression begins with one of", reference.Root, Roots)}");
        }
    }

    /// <summary>The pick with its values in one form: <c>seed=matrix.seed</c> has that value, <c>lr=0.0001</c> is <c>1e-4</c>.</summary>
    private InstancePick WithValues(InstancePick pick) => new(pick.Values.ToDictionary(value => value.Key, value => StagePick.Text(
        value.Value.Split('.') switch
        {
            ["matrix", var name] when Matrix?.GetValueOrDefault(name) is ScalarNode member => member.Value,
            ["params", var name] when Params?.GetValueOrDefault(name) is ScalarNode param => param.Value,
            _ => CoreSchema.Resolve(value.Value),
        })));
}
