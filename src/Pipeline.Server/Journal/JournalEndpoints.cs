using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using Pipeline.Engine.Loop;
using Pipeline.Engine.Ports;
using Pipeline.Engine.Runs;
using Pipeline.Server.Runs;

namespace Pipeline.Server.Journal;

/// <summary>The journal of a run over HTTP.</summary>
internal static class JournalEndpoints
{
    private const int MostEvents = 5000;

    public static void MapJournal(this IEndpointRouteBuilder api)
    {
        api.MapGet("/runs/{run}/events", Events)
            .WithSummary("Events of a run's journal in order, told for people: the newest, or those after a sequence number.");
        api.MapGet("/runs/{run}/journal", Journal)
            .WithSummary("A run's journal as it is, a line of JSON an event: whoever folds it knows all that the engine knows.")
            .Produces<string>(StatusCodes.Status200OK, "application/x-ndjson");
    }

    private static async Task<ContentHttpResult> Journal(
        RunClient client,
        IRunStore store,
        string run,
        [Description("Only events after this sequence number.")] long after = 0)
    {
        var events = await store.Read(await client.Resolve(run), after);
        return TypedResults.Text(string.Concat(events.Select(fact => JournalJson.Write(fact) + "\n")), "application/x-ndjson");
    }

    private static async Task<IReadOnlyList<EventView>> Events(
        RunCatalog runs,
        IRunStore store,
        string run,
        [Description("Only events after this sequence number, oldest first; the newest events if left out.")] long? after = null,
        [Description("Number of events at most.")] int limit = 500)
    {
        if (limit is < 1 or > MostEvents)
            throw new ServerException(ServerErrors.QueryInvalid, $"limit is {limit}; it must be from 1 to {MostEvents}.");
        var state = (await runs.Find(run)).State;
        var events = await store.Read(state.Run, after ?? Math.Max(0, state.Sequence - limit));
        return [.. events.Take(limit).Select(EventView.Of)];
    }
}
