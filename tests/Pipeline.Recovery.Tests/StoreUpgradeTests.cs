using Microsoft.Data.Sqlite;
using Pipeline.Store.Tests;

namespace Pipeline.Recovery.Tests;

/// <summary>A state folder that an earlier version wrote opens, its runs can be looked at, resumed and finished.</summary>
public sealed class StoreUpgradeTests
{
    /// <summary>Made by Stores/make.py with the version of its name.</summary>
    private static IEnumerable<string> Stores =>
        Directory.EnumerateDirectories(Path.Combine(AppContext.BaseDirectory, "Stores")).Select(folder => Path.GetFileName(folder)!);

    [TestCaseSource(nameof(Stores))]
    public void Store_OfAnEarlierVersion_OpensResumesAndFinishes(string version)
    {
        using var bench = new RunBench("") { Database = version.StartsWith("postgres", StringComparison.Ordinal) ? SharedPostgres.Server.NewDatabase() : null };
        Unpack(Path.Combine(AppContext.BaseDirectory, "Stores", version), bench);

        var runs = bench.Json("runs").EnumerateArray().ToDictionary(
            run => run.GetProperty("pipeline").GetString()!, run => (Id: run.GetProperty("run").GetString()!, State: run.GetProperty("state").GetString()));
        Assert.That(runs["done"].State, Is.EqualTo("succeeded"));
        Assert.That(runs["failed"].State, Is.EqualTo("failed"));

        // Cut off in its second stage, which goes on from its checkpoint at step 4, and the third has not begun.
        bench.Release();
        var resumed = bench.Start("resume", null, runs["cut_off"].Id);
        Assert.That(resumed.WaitForExit(), Is.Zero, resumed.Output);
        Assert.That(bench.OutputOf(runs["cut_off"].Id, "c"), Is.EqualTo(Unbroken()), "what a run of today makes");
        Assert.That(bench.Do("resume", runs["failed"].Id), Is.EqualTo(1), "it is told to fail again");
    }

    [Test]
    public void Stores_AreThere() => Assert.That(Stores, Has.Some.StartsWith("v").And.Some.StartsWith("postgres"));

    /// <summary>Copies a store to where this bench works; paths in it are placeholders.</summary>
    private static void Unpack(string store, RunBench bench)
    {
        (string From, string To)[] places =
        [
            ("@STATE@", bench.State), ("@GATE@", bench.Gate), ("@PROGRAMS@", AppContext.BaseDirectory.TrimEnd('/')),
            ("@FOLDER@", Path.GetDirectoryName(bench.PipelineFile)!),
        ];
        foreach (var file in Directory.EnumerateFiles(store, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(bench.State, Path.GetRelativePath(store, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            if (Path.GetExtension(file) == ".db") File.Copy(file, copy);
            else File.WriteAllText(copy, places.Aggregate(File.ReadAllText(file), (text, place) => text.Replace(place.From, place.To, StringComparison.Ordinal)));
            File.SetLastWriteTimeUtc(copy, DateTime.UnixEpoch); // the lease of its job ran out long ago
        }
        if (bench.Database is { } database)
        {
            PostgresServer.Restore(database, Path.Combine(bench.State, "journal.sql"));
            return;
        }
        using var journal = new SqliteConnection($"Data Source={Path.Combine(bench.State, "journal.db")};Pooling=False");
        journal.Open();
        foreach (var (from, to) in places)
        {
            using var command = journal.CreateCommand();
            command.CommandText = "UPDATE events SET body = replace(body, @from, @to)";
            command.Parameters.AddWithValue("@from", from);
            command.Parameters.AddWithValue("@to", to);
            command.ExecuteNonQuery();
        }
    }

    private static string Unbroken()
    {
        const string work = "steps: 6";
        using var bench = new RunBench(RunBench.Stage("a", work), RunBench.Stage("b", work, needs: "a"), RunBench.Stage("c", work, needs: "b"));
        Assert.That(bench.Do("run"), Is.Zero);
        return bench.OutputOf(bench.LatestRun!, "c");
    }
}
