using Dapper;
using Microsoft.Data.Sqlite;
using Pipeline.Engine;
using Pipeline.Engine.Ports;
using Pipeline.Engine.Runs;

namespace Pipeline.Store.Tests;

public class SqliteRunStoreTests : RunStoreContract
{
    private string _folder = "";
    private SqliteRunStore _store = null!;

    private protected override IRunStore Store => _store;

    private string Journal => Path.Combine(_folder, "journal.db");

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
    public async Task Store_OpenedAgain_HoldsWhatWasAppended()
    {
        await Store.Submit("a");
        _store.Dispose();
        _store = SqliteRunStore.Open(Journal);
        Assert.That((await Store.Read("a")).Single(), Is.TypeOf<RunSubmitted>());
    }

    [Test]
    public async Task TwoStores_OnOneJournal_SeeEachOthersEventsAndConflict()
    {
        using var other = SqliteRunStore.Open(Journal);
        await Store.Submit("a");
        Assert.That((await other.Read("a")).Count, Is.EqualTo(1));
        await other.AppendAfter("a", 1, new RunCancelRequested());
        await Assert.ThrowsAsync<SequenceConflictException>(() => Store.AppendAfter("a", 1, new RunCancelRequested()));
    }

    [Test]
    public async Task Appends_OfManyThreadsAndTwoStores_KeepOneOrder()
    {
        using var other = SqliteRunStore.Open(Journal);
        await Store.Submit("a");
        // 2 x 50 events by writers that read on after each lost race: none lost, none doubled.
        await Task.WhenAll(Write(_store), Write(other));
        Assert.That((await Store.Read("a")).Select(fact => fact.Sequence), Is.EqualTo(Enumerable.Range(1, 101)));

        static Task Write(SqliteRunStore store) => Task.Run(async () =>
        {
            for (var written = 0; written < 50;)
            {
                var last = (await store.Find("a"))!.Sequence;
                try
                {
                    await store.AppendAfter("a", last, new GateEvaluated { Metric = "m", Bound = "> 0", Passed = true });
                    written++;
                }
                catch (SequenceConflictException) { } // the other writer was faster
            }
        });
    }

    [Test]
    public async Task Engine_ThatWasReplaced_WritesNothingMore_WhileCommandsDo()
    {
        using var sleeper = SqliteRunStore.OpenForEngine(Journal);
        await sleeper.Submit("a");
        using var successor = SqliteRunStore.OpenForEngine(Journal);

        var error = (await Assert.ThrowsAsync<EngineException>(() => sleeper.AppendAfter("a", 1, Journals.Intended())))!;
        Assert.That(error.Code, Is.EqualTo(EngineErrors.EngineReplaced));
        await successor.AppendAfter("a", 1, Journals.Intended());
        await Store.AppendAfter("a", 2, new RunCancelRequested());
        Assert.That((await sleeper.Read("a")).Count, Is.EqualTo(3), "it may look");
    }

    [Test]
    public void Journal_OfANewerVersion_IsRefused()
    {
        Change("PRAGMA user_version = 99");
        var error = Assert.Throws<EngineException>(() => SqliteRunStore.Open(Journal))!;
        Assert.That(error.Code, Is.EqualTo(EngineErrors.JournalNewer));
        Assert.That(error.Message, Does.Contain("version 99"));
    }

    [Test]
    public async Task Journal_WithAnEventOfANewerVersion_IsRefusedWhenRead()
    {
        await Store.Submit("a");
        Change("""INSERT INTO events (run, sequence, body) VALUES ('a', 2, '{"type":"StageTeleported","run":"a","sequence":2}')""");
        var error = (await Assert.ThrowsAsync<EngineException>(() => Store.Read("a")))!;
        Assert.That(error.Code, Is.EqualTo(EngineErrors.JournalNewer));
        Assert.That(error.Message, Does.Contain("StageTeleported"));
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

    private void Change(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Journal};Pooling=False");
        connection.Execute(sql);
    }
}
