using Pipeline.Protocol.Artifacts;
using Pipeline.Spec.Resolved;

namespace Pipeline.Server.Graphs;

/// <summary>The graph of a pipeline, laid out for drawing.</summary>
/// <remarks>
/// Models are followed from stage to stage, so every edge that carries one is drawn. Of the others, which would cross
/// everything (all stages read the data), only those that say something new: an edge from a to b is left out where
/// another path leads from a to b. An evaluation on which nothing depends is part of the stage whose model it judges.
/// </remarks>
internal static class StageGraph
{
    public static GraphView Of(ResolvedPipeline pipeline)
    {
        var judged = JudgedBy(pipeline);
        ResolvedStage[] stages = [.. pipeline.Stages.Where(stage => !judged.ContainsKey(stage.Instance))];
        var evaluations = judged.ToLookup(entry => entry.Value, entry => entry.Key);
        var edges = EdgesOf(stages);
        var layout = LayeredLayout.Of(stages.Length, [.. edges.Select(edge => (edge.From, edge.To))]);
        return new GraphView(
            layout.Columns,
            layout.Rows,
            [.. stages.Select((stage, i) => new GraphNode(
                stage.Instance, layout.Column[i], layout.Row[i], [.. evaluations[stage.Instance]]))],
            [.. edges.Select((edge, i) => new GraphEdge(
                stages[edge.From].Instance, stages[edge.To].Instance, edge.Weights, layout.Passes[i]))]);
    }

    /// <summary>Evaluations on which nothing depends, and the stage whose model each judges.</summary>
    private static Dictionary<string, string> JudgedBy(ResolvedPipeline pipeline)
    {
        var needed = pipeline.Stages.SelectMany(stage => stage.Needs).ToHashSet();
        return (
            from stage in pipeline.Stages
            where stage.Uses == "evaluation" && !needed.Contains(stage.Instance)
            let model = stage.Inputs.GetValueOrDefault("model")?.Stage
            where model is not null
            select (stage.Instance, Model: model)).ToDictionary(entry => entry.Instance, entry => entry.Model);
    }

    private static List<(int From, int To, bool Weights)> EdgesOf(ResolvedStage[] stages)
    {
        var place = stages.Index().ToDictionary(entry => entry.Item.Instance, entry => entry.Index);
        var needs = stages.Select(stage => stage.Needs.Where(place.ContainsKey).Select(need => place[need]).ToArray()).ToArray();

        var reach = new HashSet<int>[stages.Length]; // all that a stage needs, directly or not
        for (var stage = 0; stage < stages.Length; stage++) // stages come after those they need
            reach[stage] = [.. needs[stage], .. needs[stage].SelectMany(need => reach[need])];

        return [..
            from to in Enumerable.Range(0, stages.Length)
            from @from in needs[to]
            let weights = CarriesWeights(stages[to], stages[@from].Instance)
            where weights || !needs[to].Any(other => other != @from && reach[other].Contains(@from))
            select (@from, to, weights)];
    }

    private static bool CarriesWeights(ResolvedStage stage, string from) =>
        stage.Inputs.Values.Any(input => input.Makers.Contains(from) && input.Kind == ArtifactKind.Model);
}
