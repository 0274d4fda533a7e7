using Pipeline.Store.Tests;

/// <summary>The one server that all tests of this project share; it starts with the first that asks for it and ends after the last.</summary>
[SetUpFixture]
internal sealed class SharedPostgres
{
    private static Lazy<PostgresServer> _server = new(PostgresServer.ForTest);

    public static PostgresServer Server => _server.Value;

    [OneTimeTearDown]
    public void Stop()
    {
        if (_server.IsValueCreated) _server.Value.Dispose();
        _server = new(PostgresServer.ForTest);
    }
}
