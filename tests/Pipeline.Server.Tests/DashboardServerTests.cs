using System.Net;
using System.Net.Sockets;

namespace Pipeline.Server.Tests;

public class DashboardServerTests
{
    [Test]
    public void Start_PortTaken_SaysWhatToTry()
    {
        using var other = Listener();
        var taken = ((IPEndPoint)other.LocalEndpoint).Port;
        var error = Assert.Throws<ServerException>(() => DashboardServer.Start(Served.State.Folder, Served.State.Store, taken).GetAwaiter().GetResult())!;
        Assert.Multiple(() =>
        {
            Assert.That(error.Code, Is.EqualTo(ServerErrors.PortTaken));
            Assert.That(error.Message, Does.Contain($"{taken}").And.Contain("--port"));
        });
    }

    [Test]
    public async Task Start_NoPortAskedFor_TwoDashboardsLiveSideBySide()
    {
        await using var first = await DashboardServer.Start(Served.State.Folder, Served.State.Store);
        await using var second = await DashboardServer.Start(Served.State.Folder, Served.State.Store);
        Assert.That(first.Address, Is.Not.EqualTo(second.Address));
    }

    [Test]
    public async Task Start_WhateverTheEnvironmentSays_ListensOnLoopbackAlone()
    {
        Environment.SetEnvironmentVariable("ASPNETCORE_URLS", "http://0.0.0.0:0");
        try
        {
            await using var server = await DashboardServer.Start(Served.State.Folder, Served.State.Store, port: 0);
            Assert.That(server.Address.Host, Is.EqualTo("127.0.0.1"));
        }
        finally
        {
            Environment.SetEnvironmentVariable("ASPNETCORE_URLS", null);
        }
    }

    private static TcpListener Listener()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return listener;
    }
}
