using System.Net;
using System.Net.Sockets;

namespace Pipeline.Rewards.Sandboxes;

/// <summary>Tries from within a sandbox what it should prevent: what a machine allows shows only when one tries.</summary>
internal static class SelfTest
{
    internal const string Python = "/usr/bin/python3";

    // Generous, since a machine may be busy; the program itself takes a twentieth of a second.
    private static readonly SandboxLimits s_limits = new() { Time = TimeSpan.FromSeconds(30), MemoryBytes = 128L << 20, Processes = 8 };

    /// <summary>What the sandbox fails to prevent, in a sentence; null if it holds.</summary>
    /// <exception cref="RewardException">It cannot even be set up.</exception>
    public static async Task<string?> FindLeakAsync(Sandbox sandbox)
    {
        using var host = new TcpListener(IPAddress.Loopback, 0);
        host.Start();
        var program = new SandboxProgram([Python, "-I", "probe.py", $"{((IPEndPoint)host.LocalEndpoint).Port}"])
        {
            Files = new Dictionary<string, string> { ["probe.py"] = EmbeddedText.Read("probe.py") },
        };
        var result = await sandbox.RunAsync(program, s_limits, CancellationToken.None);
        return result switch
        {
            { End: SandboxEnd.Exited, Output: "sealed\n" } => null,
            { End: SandboxEnd.Exited, ExitCode: 0 } => $"code in it {result.Output.Trim()}.",
            _ => $"its self-test ended with {result.End} and exit code {result.ExitCode}: {result.Errors.Trim()}",
        };
    }
}
