using Pipeline.Rewards.Sandboxes;

namespace Pipeline.Rewards.Tests.Sandboxes;

/// <summary>The machine's sandbox, opened once. Where there is none a test is skipped with the reason; on CI it fails.</summary>
internal static class TestSandbox
{
    private static readonly Lazy<Task<Sandbox>> s_sandbox = new(Sandbox.OpenAsync);

    public static async Task<Sandbox> OpenAsync()
    {
        try
        {
            return await s_sandbox.Value;
        }
        catch (RewardException error) when (error.Code == RewardException.Sandbox)
        {
            if (Environment.GetEnvironmentVariable("CI") == "true") Assert.Fail(error.Message);
            Assert.Ignore(error.Message);
            throw;
        }
    }

    /// <summary>Runs a Python program.</summary>
    public static async Task<SandboxResult> RunAsync(string python, SandboxLimits? limits = null, string input = "") =>
        await (await OpenAsync()).RunAsync(
            new SandboxProgram(["/usr/bin/python3", "-I", "main.py"]) { Files = new Dictionary<string, string> { ["main.py"] = python }, Input = input },
            limits ?? new SandboxLimits { Time = TimeSpan.FromSeconds(30) }, CancellationToken.None);
}
