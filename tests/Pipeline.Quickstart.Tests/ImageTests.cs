using System.Diagnostics;

namespace Pipeline.Quickstart.Tests;

/// <summary>
/// The steps of docker/Dockerfile, where no Docker is: the folder is published by the script that the image is made by (as for all
/// tests here), and tried as a container would have it: an ordinary user, no privilege, nothing to write to but /tmp.
/// </summary>
public class ImageTests
{
    private const string Sandbox = "/usr/bin/bwrap"; // Debian's package bubblewrap

    [Test]
    public void PublishedFolder_OnAReadOnlyDisk_AsAnOrdinaryUser_RunsServesAndEnds()
    {
        if (!File.Exists(Sandbox))
        {
            if (Environment.GetEnvironmentVariable("CI") == "true") Assert.Fail($"{Sandbox} is not installed.");
            Assert.Ignore($"{Sandbox} is not installed: apt-get install bubblewrap");
        }
        // The folder lies below /tmp, and this checkout may; in there /tmp is new and empty.
        var scripts = Path.GetDirectoryName(PublishedPipeline.BuildSteps)!;
        using var process = Process.Start(new ProcessStartInfo(Sandbox,
        [
            "--unshare-user", "--unshare-pid", "--unshare-net", "--uid", "10001", "--gid", "10001", "--cap-drop", "ALL",
            "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "--tmpfs", "/tmp", "--ro-bind", PublishedPipeline.Folder, PublishedPipeline.Folder,
            "--ro-bind", scripts, scripts,
            "--setenv", "HOME", "/nowhere", "bash", PublishedPipeline.BuildSteps, "try", PublishedPipeline.Folder,
        ])
        { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();

        Assert.That(process.ExitCode, Is.Zero, said + errors.Result);
        Assert.That(said, Does.Match(@"(?m)^\d+\.\d+\.\d+").And.Contain("pipeline-stage").And.Contain("was well, and ended when asked to"));
    }
}
