namespace Pipeline.Cli.Tests;

/// <summary>A test of commands, each in a folder of its own.</summary>
public abstract class CommandTest
{
    private protected CommandBench Bench { get; private set; } = null!;

    [SetUp]
    public void Begin() => Bench = new CommandBench();

    [TearDown]
    public void End() => Bench.Dispose();
}
