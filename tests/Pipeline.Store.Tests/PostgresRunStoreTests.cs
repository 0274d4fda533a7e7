using System.Net;
using System.Net.Sockets;
using Pipeline.Engine;
using Pipeline.Engine.Ports;

namespace Pipeline.Store.Tests;

public class PostgresRunStoreTests : SharedRunStoreContract
{
    private const string Folder = "/shared/runs";

    private PostgresAddress _address = null!;
    private PostgresRunStore _store = null!;

    private protected override IRunStore Store => _store;

    private protected override IOpenRunStore OpenAnother() => PostgresRunStore.Open(_address, Folder);

    private protected override IOpenRunStore OpenForEngine() => PostgresRunStore.OpenForEngine(_address, Folder);

    [OneTimeSetUp]
    public void MakeDatabase() => _address = PostgresAddress.Parse(SharedPostgres.Server.NewDatabase());

    [SetUp]
    public void Open()
    {
        Do("DROP SCHEMA IF EXISTS pipeline CASCADE");
        _store = PostgresRunStore.Open(_address, Folder);
    }

    [TearDown]
    public void Close() => _store.Dispose();

    [Test]
    public async Task Engine_ReplacedWhileItWaitsForItsTurn_WritesNothing()
    {
        // The turn is in another's hands, so the sleeper's append waits in the server; then its successor comes, and only then the turn is free.
        using var sleeper = OpenForEngine();
        await sleeper.Submit("a");
        Task append;
        await using (var other = new Npgsql.NpgsqlConnection(_address.ConnectionString(PostgresSchema.Name)))
        {
            await other.OpenAsync();
            await using var turn = await other.BeginTransactionAsync();
            await using (var successor = new Npgsql.NpgsqlCommand("UPDATE journal SET term = term + 1", other, turn)) await successor.ExecuteNonQueryAsync();
            append = sleeper.AppendAfter("a", 1, Journals.Intended());
            Assert.That(append.IsCompleted, Is.False);
            await turn.CommitAsync();
        }
        var error = (await Assert.ThrowsAsync<EngineException>(() => append))!;
        Assert.That(error.Code, Is.EqualTo(EngineErrors.EngineReplaced));
        Assert.That(error.Message, Does.Contain("in the hands of engine 2; this one, number 1,"));
        Assert.That((await Store.Read("a")).Count, Is.EqualTo(1));
        Assert.That((await Store.Changes(0)).Position, Is.EqualTo(1), "the turn that was refused took no position");
    }

    [Test]
    public async Task Journals_OpenedByManyAtOnce_AreMadeOnce()
    {
        Do("DROP SCHEMA pipeline CASCADE");
        var stores = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(OpenForEngine)));
        foreach (var store in stores) store.Dispose();
        using var ninth = OpenForEngine();
        using var tenth = OpenForEngine();
        var error = (await Assert.ThrowsAsync<EngineException>(() => ninth.Submit("a")))!;
        Assert.That(error.Message, Does.Contain("engine 10").And.Contain("number 9"), "terms are given once");
    }

    [Test]
    public void Database_OfAnotherStateFolder_IsRefused()
    {
        var error = Assert.Throws<EngineException>(() => PostgresRunStore.Open(_address, "/elsewhere"))!;
        Assert.That(error.Code, Is.EqualTo(EngineErrors.JournalForeign));
        Assert.That(error.Message, Does.Contain(Folder).And.Contain("/elsewhere"));
    }

    [Test]
    public void Journal_OfANewerVersion_IsRefused()
    {
        Do("INSERT INTO pipeline.migrations VALUES (99)");
        var error = Assert.Throws<EngineException>(() => PostgresRunStore.Open(_address, Folder))!;
        Assert.That(error.Code, Is.EqualTo(EngineErrors.JournalNewer));
        Assert.That(error.Message, Does.Contain("version 99"));
    }

    [Test]
    public void Server_ThatIsNotThere_CannotBeReached()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        var address = PostgresAddress.Parse($"postgres://postgres@127.0.0.1:{port}/runs");
        var error = Assert.Throws<StoreUnavailableException>(() => PostgresRunStore.Open(address, Folder))!;
        Assert.That(error.Message, Does.Contain($"postgres://postgres@127.0.0.1:{port}/runs cannot be reached").And.Contain("refused"));
    }

    [Test]
    public void Password_ThatIsWrong_IsRefusedAndNotShown()
    {
        var address = PostgresAddress.Parse($"postgres://postgres:hunter2@127.0.0.1:{SharedPostgres.Server.Port}/postgres");
        var error = Assert.Throws<EngineException>(() => PostgresRunStore.Open(address, Folder))!;
        Assert.That(error.Code, Is.EqualTo(EngineErrors.JournalRefused));
        Assert.That(error.Message, Does.Contain("password authentication failed").And.Contain("PGPASSWORD"));
        Assert.That(error.ToString(), Does.Not.Contain("hunter2"));
    }

    [Test]
    public void Database_ThatDoesNotExist_IsNamed()
    {
        var address = PostgresAddress.Parse($"postgres://postgres:{PostgresServer.Password}@127.0.0.1:{SharedPostgres.Server.Port}/nowhere");
        var error = Assert.Throws<EngineException>(() => PostgresRunStore.Open(address, Folder))!;
        Assert.That(error.Code, Is.EqualTo(EngineErrors.JournalUnavailable));
        Assert.That(error.Message, Does.Contain("/nowhere").And.Contain("createdb"));
        Assert.That(error.ToString(), Does.Not.Contain(PostgresServer.Password));
    }

    [Test]
    public async Task Connections_CutByTheServer_AreAnErrorToRepeatAndThenAreNewOnes()
    {
        await Store.Submit("a");
        SharedPostgres.Server.Execute("postgres", $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{Database}'");
        await Assert.ThrowsAsync<StoreUnavailableException>(() => Store.Read("a"));
        Assert.That((await Store.Read("a")).Count, Is.EqualTo(1));
    }

    private string Database => new Uri(_address.ToString()).AbsolutePath.Trim('/');

    private protected override void Do(string sql) => SharedPostgres.Server.Execute(Database, sql);
}
