using System.Reflection;
using System.Security.Cryptography;
using Pipeline.Engine.Runs;
using Pipeline.Executors.Local;

namespace Pipeline.Cli.Hosting;

/// <summary>Finds <c>pipeline-stage</c>, the program that loads tensors.</summary>
internal static class StageProgramFinder
{
    /// <summary>Name of the program's assembly.</summary>
    public const string FileName = "pipeline-stage.dll";

    /// <summary>The environment variable that names it.</summary>
    public const string EnvironmentVariable = "PIPELINE_STAGE";

    /// <summary>
    /// The program: what was asked for, else <c>stage/</c> beside us (the published layout), else where the build has put
    /// it.
    /// </summary>
    /// <param name="asked"><c>--stage-program</c>: a folder, a .dll, or any other program; null if not given.</param>
    public static string Find(string? asked)
    {
        asked ??= Environment.GetEnvironmentVariable(EnvironmentVariable);
        if (!string.IsNullOrEmpty(asked))
        {
            var path = Path.GetFullPath(asked);
            if (Directory.Exists(path)) path = Path.Combine(path, FileName);
            return File.Exists(path) ? path : throw Missing($"{path} is not there");
        }
        var published = Path.Combine(AppContext.BaseDirectory, "stage", FileName);
        if (File.Exists(published)) return published;
        var built = typeof(StageProgramFinder).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .FirstOrDefault(attribute => attribute.Key == "StageProgram")?.Value;
        return built is not null && File.Exists(built) ? built : throw Missing($"neither {published} nor {built} is there");
    }

    /// <summary>How to start a program: a .dll by the .NET runtime that runs us.</summary>
    public static IReadOnlyList<string> Command(string program) => IsManaged(program) ? DotnetHost.Command(program) : [program];

    /// <summary>The program as a run keeps it. A .NET program is pinned with its folder; any other is used where it is.</summary>
    public static StageProgram Pin(string program, string state)
    {
        if (!IsManaged(program)) return new([program], $"sha256:{Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(program)))}");
        var pinned = PinnedProgram.Pin(Path.GetDirectoryName(program)!, state);
        return new(Command(Path.Combine(pinned.Folder, Path.GetFileName(program))), pinned.Digest);
    }

    private static bool IsManaged(string program) => Path.GetExtension(program) == ".dll";

    private static CliException Missing(string found) => new("STAGE_PROGRAM_MISSING",
        $"The stage program {FileName} was not found: {found}. Build it with `dotnet build stages`, or name it with --stage-program or {EnvironmentVariable}.",
        ExitCode.Machine);
}
