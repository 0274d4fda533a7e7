using Dapper;
using Microsoft.Data.Sqlite;
using Pipeline.Engine;
using Pipeline.Engine.Ports;

namespace Pipeline.Store.Tests;

public class SqliteRunStoreTests : SharedRunStoreContract
{
    private string _folder = "";
    private SqliteRunStore _store = null!;

    private protected override IRunStore Store => _store;

    private string Journal => Path.Combine(_folder, "journal.db");

    private protected override IOpenRunStore OpenAnother() => SqliteRunStore.Open(Journal);

    private protected override IOpenRunStore OpenForEngine() => SqliteRunStore.OpenForEngine(Journal);

    [SetUp]
    public void Open()
    {
        _folder = Directory.CreateTempSubdirectory("pipeline-store-").FullName;
        _store = SqliteRunStore.Open(Journal);
    }

    [TearDown]
    public void Close()
    {
        _store.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Test]
    public void Journal_OfANewerVersion_IsRefused()
    {
        Do("PRAGMA user_version = 99");
        var error = Assert.Throws<EngineException>(() => SqliteRunStore.Open(Journal))!;
        Assert.That(error.Code, Is.EqualTo(EngineErrors.JournalNewer));
        Assert.That(error.Message, Does.Contain("version 99"));
    }

    [Test]
    public void File_ThatIsNoJournal_IsRefusedAndLeftAlone()
    {
        var path = Path.Combine(_folder, "notes.db");
        File.WriteAllText(path, "These are my notes, and they are long enough to be taken for a header.");
        var error = Assert.Throws<EngineException>(() => SqliteRunStore.Open(path))!;
        Assert.That(error.Code, Is.EqualTo(EngineErrors.JournalDamaged));
        Assert.That(File.ReadAllText(path), Does.StartWith("These are my notes"));
    }

    [Test]
    public async Task Disk_WithoutSpace_SaysSoAndKeepsWhatThereWas()
    {
        await Store.Submit("a");
        // The connection may not grow the file any more: SQLite answers as on a full disk.
        Limit(_store);
        var error = (await Assert.ThrowsAsync<EngineException>(async () =>
        {
            for (var i = 0; i < 1000; i++) await Store.Submit($"run-{i}");
        }))!;
        Assert.That(error.Code, Is.EqualTo(EngineErrors.DiskFull));
        Assert.That((await Store.Read("a")).Count, Is.EqualTo(1));
    }

    private static void Limit(SqliteRunStore store)
    {
        var connection = (SqliteConnection)typeof(SqliteRunStore)
            .GetField("_connection", System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Instance)!.GetValue(store)!;
        connection.Execute("PRAGMA max_page_count = 30");
    }

    private protected override void Do(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Journal};Pooling=False");
        connection.Execute(sql);
    }
}
