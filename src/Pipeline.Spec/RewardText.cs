using System.Text.Json;
using Pipeline.Protocol;
using Pipeline.Protocol.Options;
using Pipeline.Spec.Loading;
using Pipeline.Spec.Shapes;
using Pipeline.Spec.Yaml;

namespace Pipeline.Spec;

/// <summary>Reads a single reward from a command line, by the names it has in pipeline files and checked as there.</summary>
public static class RewardText
{
    /// <param name="name">What stands in a list of rewards: <c>accuracy</c>, <c>format</c>, ….</param>
    /// <param name="settings">Its settings, each <c>key=value</c>, the value as YAML; of a key given twice the last counts.</param>
    /// <returns>The reward, or all errors at once.</returns>
    public static LoadedReward Read(string name, IReadOnlyList<string> settings)
    {
        var problems = new Problems();
        var at = Source.CommandLine($"reward {name}").Start;
        var entries = settings.Select(setting => Setting(setting, problems)).OfType<Entry>().GroupBy(entry => entry.Key).Select(group => group.Last());
        var written = new MapNode(at, [new Entry(name, at, new MapNode(at, [.. entries]))]);
        var reader = new ShapeReader(problems, (node, path, kind) => Weights(node, path, kind, problems));
        var read = reader.Record(written, ShapeOf.Record(typeof(RewardTerm)), "the reward", at);
        return new LoadedReward(problems.Any ? null : read.Deserialize<RewardTerm>(ProtocolJson.Line), problems.InOrder());
    }

    private static Entry? Setting(string setting, Problems problems)
    {
        var source = Source.CommandLine($"--with {setting}");
        if (Overriding.Halves(setting) is not var (key, text))
        {
            problems.Add(SpecErrors.Override, source.Start, "A setting is given as key=value, such as ngram=3.");
            return null;
        }
        return YamlReader.Read(text, source, problems) is { } value ? new Entry(key, source.Start, value) : null;
    }

    private static string? Weights(Node node, string path, string kind, Problems problems)
    {
        problems.Add(SpecErrors.NotSupported, node.At, $"'{path}' is a {kind}: a reward that needs weights is computed by stages only.");
        return null;
    }
}

/// <summary>A reward, or everything that is wrong with it.</summary>
/// <param name="Term">The reward; null if anything is wrong.</param>
/// <param name="Errors">What is wrong.</param>
public sealed record LoadedReward(RewardTerm? Term, IReadOnlyList<SpecError> Errors);
