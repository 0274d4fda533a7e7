using System.Text.Json.Nodes;
using Pipeline.Engine.Runs;

namespace Pipeline.Store;

/// <summary>A row of <c>attempts</c>.</summary>
internal sealed record AttemptRow(
    string Run, string Pipeline, string Instance, long Attempt, string Fingerprint, string Parts, long Alive, string Intended)
{
    public AttemptSummary Summary => new(
        Run, Pipeline, Instance, (int)Attempt, Fingerprint, JsonNode.Parse(Parts)!.AsObject(), Alive != 0, Times.Of(Intended));
}
