using System.ComponentModel;
using Pipeline.Server.Runs;

namespace Pipeline.Server.Logs;

/// <summary>The logs of a stage over HTTP.</summary>
internal static class LogEndpoints
{
    private const int UsualBytes = 64 * 1024;
    private const int MostBytes = 4 * 1024 * 1024;
    private const string Output = "stdout";
    private const string Errors = "stderr";

    public static void MapLogs(this IEndpointRouteBuilder api) => api
        .MapGet("/runs/{run}/stages/{instance}/logs", Log)
        .WithSummary("Part of what an attempt printed: its end, or from an offset on.");

    private static async Task<LogPart> Log(
        StageAttempts attempts,
        StateFiles files,
        string run,
        string instance,
        [Description("Number of the attempt; the newest if left out.")] int? attempt = null,
        [Description("stdout, or stderr.")] string stream = Output,
        [Description("First byte; the end of the log if left out.")] long? offset = null,
        [Description("Bytes at most.")] int limit = UsualBytes)
    {
        if (limit is < 4 or > MostBytes || offset < 0) throw new ServerException(
            ServerErrors.QueryInvalid, $"limit must be from 4 to {MostBytes}, offset at least 0; they are {limit} and {offset}.");
        if (stream is not (Output or Errors))
            throw new ServerException(ServerErrors.QueryInvalid, $"stream is '{stream}'; it must be {Output} or {Errors}.");
        var chosen = (await attempts.Find(run, instance)).Pick(attempt);
        using var file = files.Open(stream == Output ? chosen.Folder.StandardOutput : chosen.Folder.StandardError);
        return LogTail.Read(file, chosen.Number, growing: chosen.Alive, offset, limit);
    }
}
