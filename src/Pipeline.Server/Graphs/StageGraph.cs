using Pipeline.Protocol.Artifacts;
using Pipeline.Spec.Resolved;

namespace Pipeline.Server.Graphs;

/// <summary>The graph of a pipeline, laid out for drawing.</summary>
/// <remarks>
/// Models are followed from stage to stage, so every edge that carries one is drawn. Of the others, which would cross
/// everything (all stages read the data), only those that say something new: an edge from a to b is left out where
/// another path leads from a to b.
/// </remarks>
internal static class StageGraph
{
    public static GraphView Of(ResolvedPipeline pipeline)
    {
        var stages = pipeline.Stages;
        var place = stages.Select((stage, i) => (stage.Instance, i)).ToDictionary(entry => entry.Instance, entry => entry.i);
        var needs = stages.Select(stage => stage.Needs.Select(need => place[need]).ToArray()).ToArray();

        var reach = new HashSet<int>[stages.Count]; // all that a stage needs, directly or not
        for (var stage = 0; stage < stages.Count; stage++) // stages come after those they need
            reach[stage] = [.. needs[stage], .. needs[stage].SelectMany(need => reach[need])];

        var edges = (
            from to in Enumerable.Range(0, stages.Count)
            from @from in needs[to]
            let weights = CarriesWeights(stages[to], stages[@from].Instance)
            where weights || !needs[to].Any(other => other != @from && reach[other].Contains(@from))
            select (From: @from, To: to, Weights: weights)).ToList();

        var layout = LayeredLayout.Of(stages.Count, [.. edges.Select(edge => (edge.From, edge.To))]);
        return new GraphView(
            layout.Columns,
            layout.Rows,
            [.. stages.Select((stage, i) => new GraphNode(stage.Instance, layout.Column[i], layout.Row[i]))],
            [.. edges.Select((edge, i) => new GraphEdge(
                stages[edge.From].Instance, stages[edge.To].Instance, edge.Weights, layout.Passes[i]))]);
    }

    private static bool CarriesWeights(ResolvedStage stage, string from) =>
        stage.Inputs.Values.Any(input => input.Stage == from && input.Kind == ArtifactKind.Model);
}
