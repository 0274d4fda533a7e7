using Pipeline.Engine;
using Pipeline.Engine.Ports;
using Pipeline.Engine.Runs;
using static Pipeline.Store.Tests.Journals;

namespace Pipeline.Store.Tests;

/// <summary>What every <see cref="IRunStore"/> promises that several processes share.</summary>
public abstract class SharedRunStoreContract : RunStoreContract
{
    /// <summary>Another process's store on the same journal.</summary>
    private protected abstract IOpenRunStore OpenAnother();

    /// <summary>The same, of an engine.</summary>
    private protected abstract IOpenRunStore OpenForEngine();

    /// <summary>Changes the journal behind the store's back.</summary>
    private protected abstract void Do(string sql);

    [Test]
    public async Task Store_OpenedAgain_HoldsWhatWasAppended()
    {
        await Store.Submit("a");
        using var again = OpenAnother();
        Assert.That((await again.Read("a")).Single(), Is.TypeOf<RunSubmitted>());
    }

    [Test]
    public async Task TwoStores_OnOneJournal_SeeEachOthersEventsAndConflict()
    {
        using var other = OpenAnother();
        await Store.Submit("a");
        Assert.That((await other.Read("a")).Count, Is.EqualTo(1));
        await other.AppendAfter("a", 1, new RunCancelRequested());
        await Assert.ThrowsAsync<SequenceConflictException>(() => Store.AppendAfter("a", 1, new RunCancelRequested()));
    }

    [Test]
    public async Task Appends_OfManyThreadsAndTwoStores_KeepOneOrder()
    {
        using var other = OpenAnother();
        await Store.Submit("a");
        // 2 x 50 events by writers that read on after each lost race: none lost, none doubled.
        await Task.WhenAll(Write(Store), Write(other));
        Assert.That((await Store.Read("a")).Select(fact => fact.Sequence), Is.EqualTo(Enumerable.Range(1, 101)));

        static Task Write(IRunStore store) => Task.Run(async () =>
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
        using var sleeper = OpenForEngine();
        await sleeper.Submit("a");
        using var successor = OpenForEngine();

        var error = (await Assert.ThrowsAsync<EngineException>(() => sleeper.AppendAfter("a", 1, Intended())))!;
        Assert.That(error.Code, Is.EqualTo(EngineErrors.EngineReplaced));
        await successor.AppendAfter("a", 1, Intended());
        await Store.AppendAfter("a", 2, new RunCancelRequested());
        Assert.That((await sleeper.Read("a")).Count, Is.EqualTo(3), "it may look");
    }

    [Test]
    public async Task Journal_WithAnEventOfANewerVersion_IsRefusedWhenRead()
    {
        await Store.Submit("a");
        Do("""UPDATE events SET body = '{"type":"StageTeleported","run":"a","sequence":1}'""");
        var error = (await Assert.ThrowsAsync<EngineException>(() => Store.Read("a")))!;
        Assert.That(error.Code, Is.EqualTo(EngineErrors.JournalNewer));
        Assert.That(error.Message, Does.Contain("StageTeleported"));
    }
}
