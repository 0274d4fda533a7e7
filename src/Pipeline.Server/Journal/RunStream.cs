using System.ComponentModel;
using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Mvc;
using Pipeline.Engine.Ports;
using Pipeline.Engine.Runs;
using Pipeline.Server.Runs;

namespace Pipeline.Server.Journal;

/// <summary>
/// A run as it happens, as server-sent events. <c>journal</c>: an <see cref="EventView"/>, its id the sequence number,
/// so that a browser that lost the connection goes on where it was. <c>progress</c>: a <see cref="LiveStage"/> a stage
/// at work, sent when one changed. <c>ping</c>: nothing new, but still here.
/// </summary>
internal sealed class RunStream(RunCatalog runs, RunViews views, StateFiles files, IRunStore store, TimeProvider time)
{
    private const int EventsAtOnce = 100; // of a long journal, who does not read has no more than these in our memory
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(15); // proxies give up after 30 and more

    /// <summary>The events after that sequence number, and the progress, until the browser or the server goes.</summary>
    public async IAsyncEnumerable<SseItem<object>> Follow(
        string run, long after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        IReadOnlyList<LiveStage>? sent = null; // the first look is always sent: it opens the stream
        var spoke = time.GetTimestamp();
        while (!cancellation.IsCancellationRequested)
        {
            var events = await store.Read(run, after, EventsAtOnce);
            foreach (var fact in events)
            {
                after = fact.Sequence;
                spoke = time.GetTimestamp();
                yield return new SseItem<object>(EventView.Of(fact), "journal") { EventId = after.ToString(CultureInfo.InvariantCulture) };
            }
            if (events.Count == EventsAtOnce) continue; // there may be more
            var live = Live((await runs.Find(run)).State);
            if (sent is null || !live.SequenceEqual(sent))
            {
                (sent, spoke) = (live, time.GetTimestamp());
                yield return new SseItem<object>(live, "progress");
            }
            else if (time.GetElapsedTime(spoke) > Silence)
            {
                spoke = time.GetTimestamp();
                yield return new SseItem<object>(after, "ping");
            }
            await Task.Delay(Interval, time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private List<LiveStage> Live(RunState state) =>
    [
        .. from stage in state.Stages
           where stage.Phase == StagePhase.Active
           let folder = files.State.Attempt(new AttemptKey(state.Run, stage.Instance, stage.Last!.Number))
           let progress = views.Progress(state.Run, stage)
           select new LiveStage(
               stage.Instance,
               stage.Last!.Number,
               progress is null ? null : progress with { Age = Math.Floor(progress.Age / 10) * 10 }, // else every look would be a change
               Length(folder.Metrics),
               Length(folder.StandardOutput) + Length(folder.StandardError)),
    ];

    private static long Length(string path) => new FileInfo(path) is { Exists: true } file ? file.Length : 0;
}

/// <summary>A stage at work.</summary>
/// <param name="Instance">The stage instance.</param>
/// <param name="Attempt">Number of the attempt.</param>
/// <param name="Progress">How far it is; null if it has not said so yet.</param>
/// <param name="MetricsBytes">Size of its metrics: ask for its curves when it grows.</param>
/// <param name="LogBytes">Size of its logs: ask for more of them when it grows.</param>
internal sealed record LiveStage(string Instance, int Attempt, StageProgress? Progress, long MetricsBytes, long LogBytes);

/// <summary>The stream of a run over HTTP.</summary>
internal static class StreamEndpoints
{
    /// <summary>
    /// Who does not take an event for so long is cut off, and comes back with Last-Event-ID. Kestrel's rate of bytes would not do:
    /// it counts in his favour what the buffers of both ends took at once.
    /// </summary>
    private static readonly TimeSpan MostForAnEvent = TimeSpan.FromSeconds(20);

    public static void MapStream(this IEndpointRouteBuilder api) => api
        .MapGet("/runs/{run}/stream", Stream)
        .WithSummary("A run as it happens, as server-sent events; goes on after Last-Event-ID.");

    private static async Task<IResult> Stream(
        RunCatalog runs,
        RunStream stream,
        IHostApplicationLifetime host,
        HttpContext context,
        string run,
        [FromHeader(Name = "Last-Event-ID")] long? lastEventId = null,
        [Description("Only events after this sequence number, where no Last-Event-ID is sent; new ones alone if left out.")] long? after = null)
    {
        var state = (await runs.Find(run)).State;
        var stop = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, host.ApplicationStopping);
        context.Response.RegisterForDispose(stop);
        return TypedResults.ServerSentEvents(Taken(stream.Follow(state.Run, lastEventId ?? after ?? state.Sequence, stop.Token), context));
    }

    private static async IAsyncEnumerable<SseItem<object>> Taken(IAsyncEnumerable<SseItem<object>> items, HttpContext context)
    {
        await using var cut = new Timer(_ => context.Abort());
        await foreach (var item in items)
        {
            cut.Change(MostForAnEvent, Timeout.InfiniteTimeSpan);
            yield return item; // until it is written
            cut.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }
}
