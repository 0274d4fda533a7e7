using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Pipeline.Quickstart.Tests;

/// <summary>What <c>dotnet publish src/Pipeline.Cli</c> makes: a folder that runs by itself.</summary>
internal static class PublishedPipeline
{
    private static readonly Lazy<string> s_folder = new(Publish);

    /// <summary>The folder, made if it is not there yet.</summary>
    public static string Folder => s_folder.Value;

    /// <summary>The script that makes and tries the images.</summary>
    public static string BuildSteps => Path.Combine(Root, "docker", "build-steps.sh");

    public static string QuickstartFile => Recipe("quickstart");

    /// <summary>The pipeline file of that name.</summary>
    public static string Recipe(string name) => Path.Combine(Root, "pipelines", name + ".yaml");

    /// <summary>Starts the published command; its output goes to <paramref name="said"/>.</summary>
    public static Process Start(IEnumerable<string> arguments, Action<string> said)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(s_folder.Value, "pipeline.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(), // nothing may depend on being started in the repository
        };
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, line) => said(line.Data ?? "");
        process.ErrorDataReceived += (_, line) => said(line.Data ?? "");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    public static void Remove()
    {
        if (s_folder.IsValueCreated) Directory.Delete(s_folder.Value, recursive: true);
    }

    private static string Root { get; } = Path.GetFullPath(Path.Combine(Here(), "..", ".."));

    private static string Publish()
    {
        var folder = Directory.CreateTempSubdirectory("published-").FullName;
        var configuration = typeof(PublishedPipeline).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(attribute => attribute.Key == "Configuration").Value!;
        // Built already, as this project refers to it; building again here could meet the build of another test project.
        // A build node that is kept for the next build would hold our pipe open for a quarter of an hour.
        using var process = Process.Start(new ProcessStartInfo("bash", [BuildSteps, "publish", folder, "--no-build", "-c", configuration, "-nodeReuse:false"])
        { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.Zero, output);
        return folder;
    }

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
