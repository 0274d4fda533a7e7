using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Pipeline.Engine.Folders;
using Pipeline.Engine.Ports;
using Pipeline.Server.Access;
using Pipeline.Server.Control;

namespace Pipeline.Server;

/// <summary>
/// The dashboard of one state folder, on this machine's loopback address unless <see cref="RemoteAccess"/> says otherwise. It reads the journal, and what stages write below
/// the state folder; what people ask of it is done by the <see cref="IRunControl"/> that it is given. So it may run beside
/// an engine, without one, or several times.
/// </summary>
public sealed class DashboardServer : IAsyncDisposable
{
    /// <summary>The port that is tried first where none was asked for.</summary>
    public const int UsualPort = 8421;

    private readonly WebApplication _app;

    private DashboardServer(WebApplication app, Uri address) => (_app, Address) = (app, address);

    /// <summary>Where it listens, such as <c>http://127.0.0.1:8421/</c>.</summary>
    public Uri Address { get; }

    /// <summary>Address of the page of a run.</summary>
    /// <param name="run">A run's id, or <c>latest</c>.</param>
    public Uri PageOf(string run) => new(Address, $"runs/{Uri.EscapeDataString(run)}");

    /// <summary>Starts to serve; returns once it listens.</summary>
    /// <param name="state">The state folder: nothing outside of it is ever read.</param>
    /// <param name="store">The journal of that folder. Stays the caller's; must outlive the server.</param>
    /// <param name="port">The port; 0 for any free one; null for the usual one, or any free one where that is taken.</param>
    /// <param name="control">What may be done from the browser beside looking; null for nothing.</param>
    /// <param name="remote">The tokens that it asks for, and where else it listens; null for loopback without tokens.</param>
    /// <exception cref="ServerException"><see cref="ServerErrors.PortTaken"/>.</exception>
    public static async Task<DashboardServer> Start(StateFolder state, IRunStore store, int? port = null, IRunControl? control = null, RemoteAccess? remote = null)
    {
        try
        {
            return await Listen(state, store, port ?? UsualPort, control, remote);
        }
        catch (IOException) when (port is null)
        {
            return await Listen(state, store, port: 0, control, remote);
        }
        catch (IOException error)
        {
            throw new ServerException(
                ServerErrors.PortTaken,
                $"The dashboard cannot listen on port {port}: {error.Message} Give another with --port, or 0 for any free one.",
                error);
        }
    }

    /// <summary>Ends open streams and stops listening. Runs go on: they are the engine's.</summary>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static async Task<DashboardServer> Listen(StateFolder state, IRunStore store, int port, IRunControl? control, RemoteAccess? remote)
    {
        var app = DashboardApp.Build(state, store, new IPEndPoint(remote?.Address ?? IPAddress.Loopback, port), control, remote);
        try
        {
            await app.StartAsync();
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!;
        var listening = new UriBuilder(addresses.Addresses.Single());
        if (remote is not null) listening.Host = remote.Name; // 0.0.0.0 is nowhere to go
        return new DashboardServer(app, listening.Uri);
    }
}
