using System.Net;
using Microsoft.AspNetCore.Http.Json;
using Pipeline.Engine.Folders;
using Pipeline.Engine.Loop;
using Pipeline.Engine.Ports;
using Pipeline.Server.Access;
using Pipeline.Server.Artifacts;
using Pipeline.Server.Comparing;
using Pipeline.Server.Control;
using Pipeline.Server.Http;
using Pipeline.Server.Journal;
using Pipeline.Server.Logs;
using Pipeline.Server.Machine;
using Pipeline.Server.Metrics;
using Pipeline.Server.Monitoring;
using Pipeline.Server.Reports;
using Pipeline.Server.Rollouts;
using Pipeline.Server.Runs;
using Pipeline.Server.Stages;
using Pipeline.Server.Timeline;
using Serilog;
using Serilog.Extensions.Logging;

namespace Pipeline.Server;

/// <summary>What the dashboard is put together from: the pages, the API, and what stands before both.</summary>
internal static class DashboardApp
{
    private const int MostBodyBytes = 8 << 20; // a pipeline file of a million characters, each as JSON may escape it
    private const int MostConnections = 1000; // a browser opens six

    public static WebApplication Build(StateFolder state, IRunStore store, IPEndPoint endpoint, IRunControl? control, RemoteAccess? remote)
    {
        // Empty: settings come from the caller, never from the environment or an appsettings.json in the working directory.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions
        {
            ApplicationName = "Pipeline", ContentRootPath = AppContext.BaseDirectory,
        });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // Who sends slowly is let go: ten seconds for the headers, and Kestrel's 240 bytes a second for a body.
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
            kestrel.Limits.MaxRequestBodySize = MostBodyBytes;
            kestrel.Limits.MaxConcurrentConnections = MostConnections;
            kestrel.Listen(endpoint);
        });

        builder.Services.AddSingleton<IHostLifetime, CallersLifetime>();
        builder.Services.AddHostFiltering(hosts => (hosts.AllowedHosts, hosts.AllowEmptyHosts) = ([.. remote?.AllowedHosts ?? ["127.0.0.1", "localhost"]], false));
        builder.Logging.AddSerilog().AddFilter<SerilogLoggerProvider>("Microsoft", LogLevel.Warning); // it would log every address with its query
        builder.Services.AddRouting();
        builder.Services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true); // so that ApiProblems words it
        builder.Services.AddOpenApi();
        builder.Services.Configure<JsonOptions>(json => ApiJson.Configure(json.SerializerOptions));

        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(store);
        builder.Services.AddSingleton(new StateFiles(state));
        if (remote is not null) builder.Services.AddSingleton(remote.Tokens).AddSingleton<GuessLimit>();
        if (control is not null) builder.Services.AddSingleton(control);
        builder.Services.AddSingleton(new RunClient(store, TimeProvider.System, Random.Shared));
        builder.Services.AddSingleton<RunCatalog>();
        builder.Services.AddSingleton<RunViews>();
        builder.Services.AddSingleton<RunStream>();
        builder.Services.AddSingleton<StageAttempts>();
        builder.Services.AddSingleton<MetricCatalog>();
        builder.Services.AddSingleton<ReportCatalog>();
        builder.Services.AddSingleton<RolloutCatalog>();
        builder.Services.AddSingleton<StagePages>();
        builder.Services.AddSingleton<ArtifactCatalog>();
        builder.Services.AddSingleton<StateGauges>();

        var app = builder.Build();
        app.UseHostFiltering();
        app.UseMiddleware<SecurityHeaders>();
        app.UseMiddleware<ApiProblems>();
        if (remote is not null) app.UseMiddleware<AccessGate>();
        app.UseRouting();

        app.MapPages();
        app.MapOpenApi();
        app.MapPrometheus();
        app.MapGet("/healthz", () => "ok").WithSummary("Answers while the server lives.");
        var api = app.MapGroup("/api/v1");
        api.MapRuns();
        if (control is not null) api.MapControl();
        if (remote is not null) api.MapSession();
        api.MapJournal();
        api.MapStream();
        api.MapTimeline();
        api.MapArtifacts();
        api.MapMachine();
        api.MapCompare();
        api.MapStages();
        api.MapMetrics();
        api.MapLogs();
        api.MapReport();
        api.MapRollouts();
        api.MapFallback("{**path}", string (string? path) => throw ApiProblems.NotFound($"The API has nothing at {path}. /openapi/v1.json lists what it has."))
            .ExcludeFromDescription();
        return app;
    }

    /// <summary>Signals are the caller's: Ctrl-C ends a command, and the command ends the server.</summary>
    private sealed class CallersLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
