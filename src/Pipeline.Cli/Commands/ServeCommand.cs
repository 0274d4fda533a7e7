using System.CommandLine;
using System.Net;
using Pipeline.Cli.Hosting;
using Pipeline.Cli.Output;
using Pipeline.Cli.Schedules;
using Pipeline.Engine;
using Pipeline.Engine.Ports;
using Pipeline.Server.Access;
using Serilog;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline serve</c>: the dashboard, the schedules, and an engine, which waits its turn beside whatever other is at work.</summary>
internal static class ServeCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("serve", """
            Show, start, cancel and resume the runs of the state folder in a browser, and carry them out, until Ctrl-C.

            On this machine's loopback address it asks for nothing. On another address every request needs a token:
              pipeline token operate --to tokens
              pipeline serve --listen 0.0.0.0 --tokens tokens
            It speaks plain HTTP: over networks that others use, put a proxy with TLS before it, or reach it by ssh -L.
            """);
        var state = SharedOptions.State();
        var port = new Option<int?>("--port") { Description = "The port [default: 8421, or any that is free].", HelpName = "N" };
        var listen = new Option<IPAddress>("--listen")
        {
            Description = "The address to listen on; 0.0.0.0 for all.", HelpName = "ADDRESS", DefaultValueFactory = _ => IPAddress.Loopback,
            CustomParser = result => IPAddress.TryParse(result.Tokens.Single().Value, out var address) ? address : Refuse(result),
        };
        var tokens = new Option<string?>("--tokens")
        {
            Description = $"A file of tokens, see `pipeline token`; asked for on loopback too. Without it ${SharedOptions.TokenVariable} is the one token of an address that is not loopback.",
            HelpName = "FILE",
        };
        var hosts = new Option<string[]>("--host") { Description = "A name by which people call this machine, beside its own; may be repeated.", HelpName = "NAME" };
        foreach (var option in (Option[])[state, port, listen, tokens, hosts]) command.Options.Add(option);
        command.SetAction(async (parsed, _) =>
        {
            var remote = Remote(parsed.GetValue(listen)!, parsed.GetValue(tokens)) is { } access ? access with { Hosts = parsed.GetValue(hosts) ?? [] } : null;
            using var workspace = Workspace.Open(parsed.GetValue(state)!);
            LogFile.OpenForServer(workspace.Folder.Path, terminal.Error);
            await using var dashboard = await Dashboard.Start(workspace, parsed.GetValue(port), remote);
            Log.Information("Serving {State} at {Address}, {Access}", workspace.Folder.Path, dashboard.Address, remote is null ? "without tokens" : "with tokens");
            terminal.Out.WriteLine($"dashboard: {dashboard.Address}");
            using var detachment = new Detachment();
            var schedules = new ScheduleRunner(
                workspace, pipeline => RunCommand.ProgramFor(pipeline, asked: null, workspace.Folder.Path), TimeProvider.System, Log.Logger);
            using var end = CancellationTokenSource.CreateLinkedTokenSource(detachment.Token);
            var scheduling = schedules.Run(end.Token);
            await Work(workspace, terminal, end.Token);
            await end.CancelAsync();
            await scheduling;
            if (detachment.ByAPerson && await BackgroundEngine.IsNeeded(workspace.Store)) BackgroundEngine.Start(workspace.Folder);
            return ExitCode.Done;
        });
        return command;
    }

    /// <summary>Carries runs out until detached. An engine that must end says why, and leaves the dashboard where it is.</summary>
    private static async Task Work(Workspace workspace, Terminal terminal, CancellationToken detach)
    {
        try
        {
            await LocalEngine.Work(workspace, detach);
        }
        catch (Exception error) when (error is EngineException or ExecutorException)
        {
            Errors.Report(error, terminal);
            await Task.Delay(Timeout.Infinite, detach).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static RemoteAccess? Remote(IPAddress address, string? file)
    {
        if (file is not null) return new RemoteAccess(AccessTokens.Read(file)) { Address = address };
        if (IPAddress.IsLoopback(address)) return null;
        return Environment.GetEnvironmentVariable(SharedOptions.TokenVariable) is { Length: > 0 } token
            ? new RemoteAccess(AccessTokens.Of(token)) { Address = address }
            : throw new CliException("TOKENS_MISSING",
                $"On {address} others can reach the server, so it needs tokens: `pipeline token operate --to tokens`, then `pipeline serve --listen {address} --tokens tokens`.",
                ExitCode.Usage);
    }

    private static IPAddress Refuse(System.CommandLine.Parsing.ArgumentResult result)
    {
        result.AddError($"'{result.Tokens.Single().Value}' is not an address such as 0.0.0.0 or 192.168.1.5.");
        return IPAddress.None;
    }
}
