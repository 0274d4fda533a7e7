using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using Pipeline.Reports.Reading;
using Pipeline.Reports.Writers;
using Pipeline.Server.Runs;

namespace Pipeline.Server.Reports;

/// <summary>The report of a run over HTTP: the same as <c>pipeline report --json</c>.</summary>
internal static class ReportEndpoint
{
    public static void MapReport(this IEndpointRouteBuilder api)
    {
        api.MapGet("/runs/{run}/report", Report)
            .WithSummary("One row per model, per reward model and per stage; of a run that goes on, what there is so far.")
            .Produces<JsonObject>();
        api.MapGet("/runs/{run}/figure.svg", Figure)
            .WithSummary("The figure of the run as a picture, the same as `pipeline report -o figure.svg`.")
            .Produces<string>(StatusCodes.Status200OK, "image/svg+xml");
    }

    private static async Task<IResult> Report(RunCatalog runs, ReportCatalog reports, string run) =>
        Results.Content(reports.Of((await runs.Find(run)).State), "application/json");

    // To keep, not to open here: as a page of its own it would be under the content policy, which takes its dark colours.
    private static async Task<FileContentHttpResult> Figure(RunCatalog runs, StateFiles files, string run)
    {
        var state = (await runs.Find(run)).State;
        return TypedResults.File(Encoding.UTF8.GetBytes(SvgFigure.Write(ReportReader.Read(state, files.State))), "image/svg+xml", $"{state.Run}.svg");
    }
}

/// <summary>Keeps the newest report of each run that was looked at: to make one, every metrics file of the run is read.</summary>
internal sealed class ReportCatalog(StateFiles files)
{
    private const int RunsKept = 100;
    private readonly ConcurrentDictionary<string, (long Sequence, string Json)> _reports = new();

    /// <summary>The report as JSON. It says nothing that the journal does not have, so it is made anew when that has grown.</summary>
    public string Of(Engine.Runs.RunState state)
    {
        if (_reports.TryGetValue(state.Run, out var known) && known.Sequence == state.Sequence) return known.Json;
        var json = JsonReport.Write(ReportReader.Read(state, files.State));
        if (_reports.Count >= RunsKept) _reports.Clear();
        _reports[state.Run] = (state.Sequence, json);
        return json;
    }
}
