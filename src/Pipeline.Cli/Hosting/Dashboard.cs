using Pipeline.Server;
using Pipeline.Server.Access;

namespace Pipeline.Cli.Hosting;

/// <summary>Starts the web server; apart from the commands, so that those without it do not load ASP.NET.</summary>
internal static class Dashboard
{
    /// <summary>Serves a state folder.</summary>
    /// <param name="workspace">The state folder.</param>
    /// <param name="port">The port; null for the usual one, or any that is free.</param>
    /// <param name="remote">The tokens that it asks for, and where else it listens; null for loopback without tokens.</param>
    public static async Task<DashboardServer> Start(Workspace workspace, int? port, RemoteAccess? remote = null)
    {
        try { return await DashboardServer.Start(workspace.Folder, workspace.Store, port, new ServedRuns(workspace), remote); }
        catch (ServerException error) { throw new CliException(error.Code, error.Message, ExitCode.Machine); }
    }
}
