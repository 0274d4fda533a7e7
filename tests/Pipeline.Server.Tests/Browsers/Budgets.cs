using System.Diagnostics;
using System.Globalization;
using System.Text;
using Pipeline.Engine.Folders;
using Pipeline.Engine.Ports;
using Pipeline.Engine.Runs;
using Pipeline.Protocol.Jobs;
using Pipeline.Server.Tests.Samples;
using Pipeline.Spec.Resolved;
using Pipeline.Store;

namespace Pipeline.Server.Tests.Browsers;

/// <summary>
/// Measures how fast the pages are where there is much to show, in a real browser:
/// <c>dotnet test tests/Pipeline.Server.Tests -c Release --filter FullyQualifiedName~Budgets</c> prints the numbers. It takes some minutes
/// and 1.5 GB below the temporary folder.
/// </summary>
[Explicit("Makes numbers, claims nothing: they are the machine's as much as ours.")]
public class Budgets
{
    private const int Runs = 10_000;
    private const int Steps = 100_000;
    private const int Compared = 5;
    private const int Stages = 200;
    private const int Events = 20_000;
    private const long LogBytes = 1L << 30;

    // Milliseconds from the start of the navigation until the first text was painted, and until something holds.
    private const string FirstPaint = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? -1";

    private readonly string _path = Path.Combine(Path.GetTempPath(), $"budgets-{Guid.NewGuid():N}");
    private StateFolder _state = null!;
    private SqliteRunStore _store = null!;
    private DashboardServer _server = null!;
    private Browser _browser = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        _browser = Browser.Start();
        _state = StateFolder.Open(_path);
        _store = SqliteRunStore.Open(_state.Journal);
        _server = await DashboardServer.Start(_state, _store, port: 0);
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        _browser.Dispose();
        await _server.DisposeAsync();
        _store.Dispose();
        Directory.Delete(_path, recursive: true);
    }

    [Test]
    public void Curves_OfFiveRunsOfAHundredThousandSteps()
    {
        var rl = SampleState.Pipeline.Stages.Single(stage => stage.Instance == "r1_zero");
        var pipeline = new ResolvedPipeline { Name = "long", File = "/p.yaml", Stages = [rl with { Inputs = new Dictionary<string, StageInput>() }] };
        var runs = Enumerable.Range(1, Compared).Select(i => $"20251123-10000{i}-long").ToList();
        foreach (var run in runs)
        {
            var journal = new SampleJournal(_store, run, DateTimeOffset.UtcNow.AddHours(-2));
            journal.Submit(pipeline);
            journal.Start("r1_zero");
            SampleFiles.Metrics(Attempt(run, "r1_zero"), rl, DateTimeOffset.UtcNow, 1, Steps);
        }
        const string drawn = "document.querySelectorAll('.panel canvas').length >= 14";
        Tell("first open of a run of 100,000 steps, all panels", Until($"runs/{runs[0]}/stages/r1_zero", drawn));
        Tell("the same, opened again", Until($"runs/{runs[0]}/stages/r1_zero", drawn));
        Tell("5 runs of 100,000 steps compared, first", Until($"compare?runs={string.Join(',', runs)}&stage=r1_zero", drawn));
        Tell("the same, opened again", Until($"compare?runs={string.Join(',', runs)}&stage=r1_zero", drawn));
        Tell("kilobytes over the wire for it", _browser.Ask<double>("performance.getEntriesByType('resource').reduce((sum, entry) => sum + entry.transferSize, 0) / 1000"), "kB");
        Tell("points in its charts", _browser.Ask<long>("[...document.querySelectorAll('.panel .chart')].reduce((sum, chart) => sum + (echarts.getInstanceByDom(chart)?.getOption().series ?? []).reduce((n, series) => n + (series.data?.length ?? 0), 0), 0)"), "");
    }

    [Test]
    public void Log_OfAGigabyte()
    {
        var journal = new SampleJournal(_store, "20251123-110000-logs", DateTimeOffset.UtcNow);
        journal.Submit(new ResolvedPipeline { Name = "logs", File = "/p.yaml", Stages = [new ResolvedStage { Id = "a", Instance = "a", Uses = "command" }] });
        journal.Start("a");
        var lines = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 10_000).Select(i => $"step {i,9}/100000  reward 1.234  4180 tokens/s  and what else a stage has to say\n")));
        using (var log = File.Create(Attempt("20251123-110000-logs", "a").StandardOutput))
            while (log.Length < LogBytes) log.Write(lines);
        Tell("log of 1 GB, its end shown", Until("runs/20251123-110000-logs/stages/a", "document.querySelector('.log')?.textContent.includes('step') === true"));
    }

    [Test]
    public void Graph_OfTwoHundredStages()
    {
        // Twenty columns of ten stages; each reads two of the column before.
        var stages = Enumerable.Range(0, Stages).Select(i => new ResolvedStage
        {
            Id = $"s{i}", Instance = $"s{i}", Uses = "command", Needs = i < 10 ? [] : [$"s{i - 10}", $"s{i / 10 * 10 - 10 + (i * 7) % 10}"],
        }).ToList();
        var journal = new SampleJournal(_store, "20251123-120000-wide", DateTimeOffset.UtcNow);
        journal.Submit(new ResolvedPipeline { Name = "wide", File = "/p.yaml", Stages = stages });
        journal.Start("s0");
        Tell("graph of 200 stages drawn", Until("runs/20251123-120000-wide", $"document.querySelectorAll('.graph a').length === {Stages}"));
        Tell("first paint of its page", _browser.Ask<double>(FirstPaint));
    }

    [Test]
    public async Task Stream_OfManyEvents_KeepsMemoryFlat()
    {
        const string run = "20251123-130000-busy";
        var journal = new SampleJournal(_store, run, DateTimeOffset.UtcNow);
        journal.Submit(new ResolvedPipeline { Name = "busy", File = "/p.yaml", Stages = [new ResolvedStage { Id = "a", Instance = "a", Uses = "command" }] });
        journal.Start("a");
        _browser.Open(new Uri(_server.Address, $"runs/{run}"));
        _browser.Until("document.querySelector('.connection')?.textContent === 'live'");
        var sequence = 3L;
        for (var quarter = 0; quarter <= 4; quarter++)
        {
            Tell($"page's heap after {quarter * Events / 4:N0} events", _browser.Heap() / 1e6, "MB");
            Tell($"server's heap after {quarter * Events / 4:N0} events", GC.GetTotalMemory(forceFullCollection: true) / 1e6, "MB");
            if (quarter == 4) break;
            for (var sent = 0; sent < Events / 4; sent += 100)
            {
                await _store.Append(run, sequence, [.. Enumerable.Range(1, 100).Select(i => new CheckpointRecorded
                {
                    Run = run, Sequence = sequence + i, Time = DateTimeOffset.UtcNow, Stage = "a", Instance = "a", Attempt = 1, Token = "a-1", Step = sequence + i, Path = "checkpoints/x", Offset = sequence + i,
                })]);
                sequence += 100;
            }
            _browser.Until($"document.querySelector('#events').textContent.includes('step {sequence}.')");
        }
    }

    [Test]
    public async Task List_OfTenThousandRuns()
    {
        var stages = Enumerable.Range(0, 5).Select(i => new ResolvedStage { Id = $"s{i}", Instance = $"s{i}", Uses = "command" }).ToList();
        for (var i = 0; i < Runs; i++)
        {
            var run = $"20250101-{i / 3600:00}{i / 60 % 60:00}{i % 60:00}-many";
            var time = DateTimeOffset.UtcNow.AddMinutes(i - Runs);
            await _store.Append(run, 0,
            [
                new RunSubmitted { Run = run, Sequence = 1, Time = time, Pipeline = new() { Name = "many", File = "/p.yaml", Stages = stages }, Program = new([], "") },
                new RunFailed { Run = run, Sequence = 2, Time = time.AddSeconds(9), Failed = ["s0"] },
            ]);
        }
        using var client = new HttpClient { BaseAddress = _server.Address };
        await client.GetStringAsync(new Uri("api/v1/runs", UriKind.Relative)); // the first asks what is cached afterwards
        var times = new List<double>();
        for (var i = 0; i < 100; i++)
        {
            var clock = Stopwatch.GetTimestamp();
            await client.GetStringAsync(new Uri("api/v1/runs", UriKind.Relative));
            times.Add(Stopwatch.GetElapsedTime(clock).TotalMilliseconds);
        }
        times.Sort();
        Tell("list of 10,000 runs asked for, median", times[50]);
        Tell("list of 10,000 runs asked for, p95", times[95]);
        Tell("its page shown", Until("", "document.querySelectorAll('.runs tbody tr').length > 10"));
        Tell("first paint of it", _browser.Ask<double>(FirstPaint));
    }

    private AttemptFolder Attempt(string run, string instance)
    {
        var folder = _state.Attempt(new AttemptKey(run, instance, 1));
        Directory.CreateDirectory(folder.Path);
        return folder;
    }

    // The page itself notes when it is so, so that the way to the driver and back is not counted.
    private double Until(string page, string holds)
    {
        _browser.Open(new Uri(_server.Address, page));
        return _browser.AskLater<double>($$"""
            const done = arguments[arguments.length - 1];
            const look = () => ({{holds}}) ? done(performance.now()) : requestAnimationFrame(look);
            look();
            """);
    }

    private static void Tell(string what, double value, string unit = "ms") =>
        TestContext.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-60} {value,10:N0} {unit}"));
}
