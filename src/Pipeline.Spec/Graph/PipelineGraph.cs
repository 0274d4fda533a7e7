using System.Text;
using Pipeline.Spec.Resolved;

namespace Pipeline.Spec.Graph;

/// <summary>The graph of a pipeline as text.</summary>
public static class PipelineGraph
{
    /// <summary>As a Mermaid flowchart: an arrow per artifact with the output's name, a dotted one for <c>needs</c> alone.</summary>
    public static string ToMermaid(ResolvedPipeline pipeline)
    {
        var text = new StringBuilder("flowchart TD\n");
        // Mermaid takes some words, `end` among them, for its own, so ids get a prefix.
        foreach (var stage in pipeline.Stages) text.Append($"  {Node(stage.Instance)}[\"{stage.Instance}<br/><small>{stage.Uses}</small>\"]\n");
        foreach (var stage in pipeline.Stages)
        {
            foreach (var edge in Edges(stage))
            {
                var arrow = edge.Outputs.Count == 0 ? "-.->" : $"-->|{string.Join(", ", edge.Outputs)}|";
                text.Append($"  {Node(edge.From)} {arrow} {Node(stage.Instance)}\n");
            }
        }
        return text.ToString();
    }

    /// <summary>As lines for a terminal, in the order of execution: id, kind, and what comes from where.</summary>
    public static string ToText(ResolvedPipeline pipeline)
    {
        var ids = pipeline.Stages.Max(stage => stage.Instance.Length);
        var kinds = pipeline.Stages.Max(stage => stage.Uses.Length);
        var text = new StringBuilder();
        foreach (var stage in pipeline.Stages)
        {
            var from = string.Join("  ", Edges(stage).Select(edge =>
                edge.Outputs.Count == 0 ? edge.From : $"{edge.From}({string.Join(", ", edge.Outputs)})"));
            var line = $"{stage.Instance.PadRight(ids)}  {stage.Uses.PadRight(kinds)}";
            text.Append(from.Length == 0 ? line.TrimEnd() : $"{line}  <- {from}").Append('\n');
        }
        return text.ToString();
    }

    private static string Node(string instance) => "s_" + string.Concat(instance.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'));

    private static IEnumerable<(string From, IReadOnlyList<string> Outputs)> Edges(ResolvedStage stage) =>
        stage.Needs.Select(need => (need, (IReadOnlyList<string>)[.. stage.Inputs.Values
            .Where(input => input.Makers.Contains(need))
            .Select(input => input.Output!)
            .Distinct()]));
}
