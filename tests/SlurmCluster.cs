using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace Pipeline.Tests;

/// <summary>A real Slurm on this machine, by <c>tests/slurm-local.sh</c>: two nodes of four CPUs and two pretended GPUs.</summary>
internal sealed class SlurmCluster : IDisposable
{
    private static readonly string[] Programs = ["slurmctld", "slurmd", "munged", "sbatch"];

    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"slurm-{Guid.NewGuid().ToString("N")[..8]}");
    private readonly Dictionary<string, string> _settings;

    private SlurmCluster(Dictionary<string, string> settings)
    {
        _settings = settings;
        Script("up");
    }

    /// <summary>
    /// A cluster of its own, ready for jobs; it is this process's: its variable <c>SLURM_CONF</c> names it. Skips the test
    /// where Slurm is not installed, and fails it on CI.
    /// </summary>
    /// <param name="settings">More settings of the script, such as <c>SLURM_LOCAL_MIN_JOB_AGE</c>.</param>
    public static SlurmCluster Start(params (string Name, string Value)[] settings)
    {
        if (Missing is { } missing)
        {
            if (Environment.GetEnvironmentVariable("CI") == "true") Assert.Fail(missing);
            Assert.Ignore(missing);
        }
        var cluster = new SlurmCluster(settings.ToDictionary(setting => setting.Name, setting => setting.Value));
        Environment.SetEnvironmentVariable("SLURM_CONF", Path.Combine(cluster._folder, "slurm.conf"));
        return cluster;
    }

    private static string? Missing =>
        Programs.FirstOrDefault(program => !new[] { "/usr/bin", "/usr/sbin" }.Any(folder => File.Exists(Path.Combine(folder, program)))) is { } program
            ? $"{program} is not installed: apt-get install slurm-wlm munge"
            : null;

    /// <summary>Process number of the controller.</summary>
    public int Controller => int.Parse(File.ReadAllText(Path.Combine(_folder, "pid", "slurmctld.pid")));

    /// <summary>Runs a verb of the script.</summary>
    public void Script(params string[] arguments)
    {
        if (!_settings.ContainsKey("SLURM_LOCAL_PORT")) _settings["SLURM_LOCAL_PORT"] = FreePorts().ToString();
        Run("bash", [Path.Combine(Here(), "slurm-local.sh"), .. arguments], new(_settings)
        {
            ["SLURM_LOCAL_DIR"] = _folder,
            ["SLURM_LOCAL_OWNER"] = Environment.ProcessId.ToString(),
        });
    }

    /// <summary>What a command prints; fails if it fails.</summary>
    public static string Run(string program, IEnumerable<string> arguments, Dictionary<string, string>? environment = null)
    {
        var log = Path.GetTempFileName(); // daemons keep what they inherit: a pipe would never end
        try
        {
            var start = new ProcessStartInfo("bash", ["-c", "\"$@\" > \"$0\" 2>&1 < /dev/null", log, program, .. arguments]);
            foreach (var (name, value) in environment ?? []) start.Environment[name] = value;
            using var process = Process.Start(start)!;
            process.WaitForExit();
            Assert.That(process.ExitCode, Is.Zero, File.ReadAllText(log));
            return File.ReadAllText(log);
        }
        finally { File.Delete(log); }
    }

    /// <inheritdoc/>
    public void Dispose() => Script("destroy");

    /// <summary>The first of four ports in a row that nobody has.</summary>
    private static int FreePorts()
    {
        while (true)
        {
            var first = Random.Shared.Next(20_000, 32_000);
            try
            {
                foreach (var port in Enumerable.Range(first, 4))
                {
                    using var listener = new TcpListener(IPAddress.Loopback, port);
                    listener.Start();
                }
                return first;
            }
            catch (SocketException) { } // taken
        }
    }

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
