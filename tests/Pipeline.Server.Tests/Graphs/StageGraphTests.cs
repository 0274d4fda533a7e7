using Pipeline.Server.Graphs;
using Pipeline.Server.Tests.Samples;

namespace Pipeline.Server.Tests.Graphs;

public class StageGraphTests
{
    private static readonly GraphView Graph = StageGraph.Of(SampleState.Pipeline);

    [Test]
    public void Of_AnEvaluationThatNothingNeeds_IsDrawnWithItsModel()
    {
        Assert.Multiple(() =>
        {
            Assert.That(Graph.Nodes.Single(node => node.Instance == "base").Evaluations, Is.EqualTo(new[] { "evaluate_base" }));
            Assert.That(Graph.Nodes.Select(node => node.Instance), Has.None.StartsWith("evaluate_"));
        });
    }

    [Test]
    public void Of_AModelThatSkipsStages_KeepsItsEdge() =>
        // base -> sft is implied by base -> r1_zero -> ... -> sft, but says that the weights come from the base.
        Assert.That(Graph.Edges.Single(edge => edge is { From: "base", To: "sft" }).Weights);

    [Test]
    public void Of_DataThatEverythingReads_IsDrawnToItsFirstReaderAlone() =>
        Assert.That(Graph.Edges.Where(edge => edge.From == "data").Select(edge => edge.To), Is.EqualTo(new[] { "base" }));
}
