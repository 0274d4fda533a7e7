using Pipeline.Engine.Ports;
using Pipeline.Engine.Tests.Simulation;

namespace Pipeline.Store.Tests;

public class MemoryRunStoreTests : RunStoreContract
{
    private MemoryRunStore _store = null!;

    private protected override IRunStore Store => _store;

    [SetUp]
    public void Open() => _store = new MemoryRunStore();
}
