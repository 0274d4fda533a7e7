using System.ComponentModel;
using Pipeline.Server.Runs;

namespace Pipeline.Server.Logs;

/// <summary>The logs of a stage over HTTP.</summary>
internal static class LogEndpoints
{
    private const int UsualBytes = 64 * 1024;
    private const int MostBytes = 4 * 1024 * 1024;
    private const int MostMatches = 1000;
    private const string Output = "stdout";
    private const string Errors = "stderr";

    public static void MapLogs(this IEndpointRouteBuilder api)
    {
        api.MapGet("/runs/{run}/stages/{instance}/logs", Log)
            .WithSummary("Part of what an attempt printed: its end, from an offset on, or what stands before an offset.");
        api.MapGet("/runs/{run}/stages/{instance}/logs/search", Search)
            .WithSummary("Lines that hold a text, of all attempts and both streams.");
    }

    private static async Task<LogPart> Log(
        StageAttempts attempts,
        StateFiles files,
        string run,
        string instance,
        [Description("Number of the attempt; the newest if left out.")] int? attempt = null,
        [Description("stdout, or stderr.")] string stream = Output,
        [Description("First byte; the end of the log if left out.")] long? offset = null,
        [Description("In place of offset: the part that ends before this byte.")] long? before = null,
        [Description("Bytes at most.")] int limit = UsualBytes)
    {
        if (limit is < 4 or > MostBytes || offset < 0 || before < 0) throw new ServerException(
            ServerErrors.QueryInvalid, $"limit must be from 4 to {MostBytes}, offset and before at least 0.");
        if (offset is not null && before is not null) throw new ServerException(
            ServerErrors.QueryInvalid, "offset and before exclude each other: one says where the part begins, the other where it ends.");
        if (stream is not (Output or Errors))
            throw new ServerException(ServerErrors.QueryInvalid, $"stream is '{stream}'; it must be {Output} or {Errors}.");
        var chosen = (await attempts.Find(run, instance)).Pick(attempt);
        using var file = Open(files, chosen, stream);
        return before is { } end
            ? LogTail.ReadBefore(file, chosen.Number, end, limit)
            : LogTail.Read(file, chosen.Number, growing: chosen.Alive, offset, limit);
    }

    private static async Task<LogMatches> Search(
        StageAttempts attempts,
        StateFiles files,
        string run,
        string instance,
        [Description("The text, in upper or lower case.")] string query,
        [Description("Lines at most.")] int limit = 200)
    {
        if (query.Length == 0 || limit is < 1 or > MostMatches)
            throw new ServerException(ServerErrors.QueryInvalid, $"query must hold something, and limit be from 1 to {MostMatches}.");
        var found = new List<LogLine>();
        foreach (var attempt in (await attempts.Find(run, instance)).Attempts)
        {
            foreach (var stream in new[] { Output, Errors })
            {
                using var file = Open(files, attempt, stream);
                if (file is not null) found.AddRange(LogSearch.In(file, attempt.Number, stream, query).Take(limit + 1 - found.Count));
            }
        }
        return new LogMatches([.. found.Take(limit)], More: found.Count > limit);
    }

    private static FileStream? Open(StateFiles files, ChainedAttempt attempt, string stream) =>
        files.Open(stream == Output ? attempt.Folder.StandardOutput : attempt.Folder.StandardError);
}
