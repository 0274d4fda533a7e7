using Pipeline.Engine.Folders;
using Pipeline.Engine.Ports;
using Pipeline.Engine.Runs;
using Pipeline.Protocol;
using Pipeline.Reports.Reading;

namespace Pipeline.Reports.TensorBoard;

/// <summary>Writes the metrics of a run for TensorBoard: a folder a stage, which it shows as a run of its own.</summary>
public static class TensorBoardExport
{
    /// <summary>The name that TensorBoard looks for; the rest of it is ours to choose.</summary>
    private const string FileName = "events.out.tfevents.pipeline";

    /// <summary>Writes them; an export that is there is replaced. A stage taken from the cache logged its metrics in the run that made it, and is left out.</summary>
    /// <param name="run">The run.</param>
    /// <param name="folder">The state folder.</param>
    /// <param name="target">Where to write.</param>
    /// <returns>The stages that were written.</returns>
    public static IReadOnlyList<string> Write(RunState run, StateFolder folder, string target)
    {
        var written = new List<string>();
        foreach (var stage in run.Stages)
        {
            var log = MetricsLog.Read(stage.Attempts.Select(attempt => folder.Attempt(new AttemptKey(run.Run, stage.Instance, attempt.Number))));
            if (log.Rows.Count == 0) continue;
            var begun = stage.Attempts[0].Started ?? stage.Attempts[0].Intent.Time;
            var path = Path.Combine(target, run.Run, FolderName(stage.Instance));
            Directory.CreateDirectory(path);
            var events = new EventFile(begun);
            foreach (var (step, row) in log.Rows) events.Write(step, log.TimeOf(step) ?? begun, row.OrderBy(metric => metric.Key, StringComparer.Ordinal));
            WholeFile.Write(Path.Combine(path, FileName), events.Bytes);
            written.Add(stage.Instance);
        }
        return written;
    }

    // An instance of a matrix has a slash or brackets in its id: "train[seed=1]" is a fine folder, "a/b" would be two.
    private static string FolderName(string instance) => instance.Replace('/', '_');
}
