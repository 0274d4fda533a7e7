using System.Diagnostics;

namespace Pipeline.Architecture.Tests;

/// <summary>A small program outside the repository that gets its native libraries as every project of ours does.</summary>
internal sealed class TorchProbe : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("torch-probe-").FullName;

    public TorchProbe()
    {
        Write("Directory.Packages.props", $"<Project><Import Project=\"{Repository.Root}/Directory.Packages.props\" /></Project>");
        Write("Directory.Build.targets", $"<Project><Import Project=\"{Repository.Root}/Directory.Build.targets\" /></Project>");
        foreach (var name in new[] { "Library", "Probe" })
            Write($"{name}/{name}.csproj", $"""
                <Project Sdk="Microsoft.NET.Sdk">
                  <PropertyGroup>
                    <TargetFramework>net10.0</TargetFramework>
                    <OutputType>{(name == "Probe" ? "Exe" : "Library")}</OutputType>
                    <UsesTorch>true</UsesTorch>
                  </PropertyGroup>
                  <ItemGroup>
                    <PackageReference Include="TorchSharp" />
                    {(name == "Probe" ? "<ProjectReference Include=\"../Library/Library.csproj\" />" : "")}
                  </ItemGroup>
                </Project>
                """);
        Write("Library/Four.cs", "public static class Four { public static float Sum() => TorchSharp.torch.ones(2, 2).sum().item<float>(); }");
        Write("Probe/Program.cs", "System.Console.Write(Four.Sum());");
    }

    public string OutputFolder => Path.Combine(_folder, "Probe", "bin", "Debug", "net10.0");

    public string PublishFolder => Path.Combine(_folder, "published");

    public string Build() => Dotnet("build", "Probe", "--nologo", "-v", "q");

    public string Publish() => Dotnet("publish", "Probe", "--nologo", "-v", "q", "-o", PublishFolder);

    public string Evaluate(params string[] arguments) => Dotnet(["msbuild", "Probe", .. arguments]);

    public void Touch() => File.AppendAllText(Path.Combine(_folder, "Probe", "Program.cs"), "\n// touched\n");

    /// <summary>What the built program prints: the sum of a 2 x 2 matrix of ones.</summary>
    public string Run(string folder) => Dotnet(Path.Combine(folder, "Probe.dll"));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void Write(string path, string text)
    {
        var file = Path.Combine(_folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    private string Dotnet(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments)
        {
            WorkingDirectory = _folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // A build inside a test run must not inherit what the outer MSBuild set for itself.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToArray())
            start.Environment.Remove(name);
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.Zero, $"dotnet {string.Join(' ', arguments)}\n{output}\n{errors.Result}");
        return output.Trim();
    }
}
