using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.Protocol;
using Pipeline.Protocol.Stages;
using Pipeline.Spec.Shapes;
using Pipeline.Spec.Written;

namespace Pipeline.Spec.Loading;

/// <summary>
/// Compiles on a second core, while the first reads the YAML, what is needed next. Loading a file in a fresh process is
/// nearly all just-in-time compilation: the reading itself takes a few milliseconds.
/// </summary>
internal static class WarmUp
{
    private static int _begun;

    /// <summary>Begins, once a process; does not wait and changes nothing.</summary>
    public static void Begin()
    {
        if (Environment.ProcessorCount > 1 && Interlocked.Exchange(ref _begun, 1) == 0) _ = Task.Run(Work);
    }

    private static void Work()
    {
        ShapeOf.Record(typeof(PipelineSpec));
        new JsonObject().Deserialize<PipelineSpec>(ProtocolJson.Line);
        foreach (var kind in StageKinds.All)
        {
            ShapeOf.Record(kind.Options);
            CompleteOptions.Of([], kind.Options);
        }
    }
}
