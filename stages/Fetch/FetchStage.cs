using System.Text.RegularExpressions;
using Pipeline.Hub;
using Pipeline.Protocol.Options;
using Pipeline.Stages.Hosting;

namespace Pipeline.Stages.Fetch;

/// <summary>
/// <c>fetch_model</c> and <c>fetch_dataset</c>: a repository of the Hugging Face Hub at one commit, as an artifact like any
/// other. See README.md in this folder.
/// </summary>
public static partial class FetchStage
{
    private const int MiB = 1 << 20;

    /// <summary>Writes the output <c>model</c>.</summary>
    public static StageOutcome Model(StageContext stage)
    {
        var options = stage.Options<FetchModelOptions>();
        return Run(stage, options, options.Files, isDataset: false);
    }

    /// <summary>Writes the output <c>dataset</c>.</summary>
    public static StageOutcome Dataset(StageContext stage)
    {
        var options = stage.Options<FetchDatasetOptions>();
        return Run(stage, options, options.Files, isDataset: true);
    }

    private static StageOutcome Run(StageContext stage, FetchOptions options, IReadOnlyList<string> patterns, bool isDataset)
    {
        if (!Commit().IsMatch(options.Revision)) throw new ConfigException(StageErrors.OptionInvalid,
            $"revision is '{options.Revision}'; it must be the 40 hexadecimal digits of a commit.");
        var repository = new HubRepository(isDataset, options.Repository, options.Revision);
        using var fetch = new HubFetch(HubSettings.FromEnvironment(Environment.GetEnvironmentVariable), stage.Clock);
        using var stop = new CancellationTokenSource();
        using var watch = stage.Clock.CreateTimer(_ => { if (stage.Stop.Asked) stop.Cancel(); }, null, TimeSpan.Zero, TimeSpan.FromSeconds(0.2));
        try
        {
            var files = fetch.List(repository, patterns, stop.Token).GetAwaiter().GetResult();
            stage.Heartbeat.Enter("fetching");
            stage.Heartbeat.Begin(Mebibytes(files.Sum(file => file.Size)), 0);
            fetch.Bring(repository, files, there => stage.Heartbeat.Done(Mebibytes(there)), stop.Token).GetAwaiter().GetResult();

            stage.Heartbeat.Enter("saving");
            stage.Outputs.Write(isDataset ? "dataset" : "model", folder =>
            {
                fetch.Place(repository, files, folder);
                return 0;
            });
            return stage.Finish([new("bytes", files.Sum(file => file.Size))]);
        }
        catch (OperationCanceledException) when (stage.Stop.Asked)
        {
            return StageOutcome.Interrupted; // what came is in the cache, from where the next attempt goes on
        }
    }

    private static long Mebibytes(long bytes) => (bytes + MiB - 1) / MiB;

    [GeneratedRegex("^[0-9a-f]{40}$")] private static partial Regex Commit();
}
