using System.Diagnostics;
using Pipeline.Protocol.Jobs;
using Pipeline.Stages.Hosting;
using Pipeline.Stages.Tests.Harness;

namespace Pipeline.Stages.Tests.Hosting;

/// <summary>The program as others start it.</summary>
public sealed class ProgramTest
{
    [Test]
    public void SelfCheck_OnThisMachine_LoadsLibtorch()
    {
        var (exitCode, output) = Run("self-check");
        Assert.That(exitCode, Is.EqualTo(StageExit.Done));
        Assert.That(output, Does.Contain("TorchSharp 0.107.0").And.Contain("libtorch 2.10"));
    }

    [TestCase("--help", StageExit.Done)]
    [TestCase("dance", StageExit.Config)]
    public void Help_Asked_ListsTheStageKinds(string verb, int expected)
    {
        var (exitCode, output) = Run(verb);
        Assert.That(exitCode, Is.EqualTo(expected));
        Assert.That(output, Does.Contain(string.Join(", ", StageCatalog.Names)));
    }

    private static (int ExitCode, string Output) Run(string verb)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", [Attempt.StageProgram, verb]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd() + error.Result;
        process.WaitForExit();
        return (process.ExitCode, output);
    }
}
