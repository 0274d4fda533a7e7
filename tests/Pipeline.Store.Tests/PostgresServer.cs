using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Pipeline.Store.Tests;

/// <summary>A PostgreSQL server of its own in a temporary folder, from Debian's package; it listens on a socket in that folder and on loopback.</summary>
/// <remarks>On the socket everybody is let in, over loopback with <see cref="Password"/>.</remarks>
internal sealed class PostgresServer : IDisposable
{
    /// <summary>Of the user <c>postgres</c>, over loopback.</summary>
    public const string Password = "not-a-secret-of-anybody";

    private const string Installed = "/usr/lib/postgresql";

    private readonly string _folder = Directory.CreateTempSubdirectory("pipeline-postgres-").FullName;
    private readonly bool _flushes;

    /// <param name="flushes">Whether a commit waits for the disk; tests of the machine's crash there are none.</param>
    public PostgresServer(bool flushes = false)
    {
        _flushes = flushes;
        Port = FreePort();
        var password = Path.Combine(_folder, "password");
        File.WriteAllText(password, Password);
        if (Environment.IsPrivilegedProcess) Run("chown", "-R", "postgres", _folder); // the server refuses to run as root
        AsPostgres("initdb", "--pgdata", Data, "--username", "postgres", "--pwfile", password,
            "--auth-local", "trust", "--auth-host", "scram-sha-256", "--encoding", "UTF8", "--no-sync");
        Start();
    }

    /// <summary>The port; part of the socket's name as well.</summary>
    public int Port { get; }

    /// <summary>Why there is no server here; null if there can be one.</summary>
    public static string? Missing => Programs is null ? "PostgreSQL is not installed: apt-get install postgresql" : null;

    /// <summary>A server for a test. Where PostgreSQL is not installed the test is skipped, except on CI.</summary>
    public static PostgresServer ForTest()
    {
        if (Missing is { } missing && Environment.GetEnvironmentVariable("CI") == "true") Assert.Fail(missing);
        else if (Missing is { } absent) Assert.Ignore(absent);
        return new PostgresServer();
    }

    /// <summary>Address of a new database, by the socket.</summary>
    public string NewDatabase()
    {
        var name = $"d{Guid.NewGuid():N}";
        Execute("postgres", $"CREATE DATABASE {name}");
        return $"postgres://postgres@localhost:{Port}/{name}?host={_folder}";
    }

    /// <summary>Does something in a database, as a person does it beside us.</summary>
    public void Execute(string database, string sql)
    {
        using var connection = new NpgsqlConnection($"Host={_folder};Port={Port};Username=postgres;Database={database};Search Path=pipeline;Pooling=False");
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }

    /// <summary>Fills an empty database with what <c>pg_dump</c> wrote.</summary>
    /// <param name="database">Its address.</param>
    /// <param name="dump">The file.</param>
    public static void Restore(string database, string dump) =>
        Run(Path.Combine(Programs!, "psql"), database, "--quiet", "--set", "ON_ERROR_STOP=1", "--file", dump);

    /// <summary>Starts it, and returns when it answers.</summary>
    public void Start() => AsPostgres("pg_ctl", "--pgdata", Data, "--wait", "--silent", "--log", Path.Combine(_folder, "log"), "--options",
        $"-k {_folder} -p {Port} -c listen_addresses=127.0.0.1 -c fsync={(_flushes ? "on" : "off")}", "start");

    /// <summary>Ends it as a power cut does: no goodbye to anybody.</summary>
    public void Stop() => AsPostgres("pg_ctl", "--pgdata", Data, "--wait", "--silent", "--mode", "immediate", "stop");

    public void Dispose()
    {
        if (File.Exists(Path.Combine(Data, "postmaster.pid"))) Stop();
        Directory.Delete(_folder, recursive: true);
    }

    private string Data => Path.Combine(_folder, "data");

    /// <summary>The newest version's programs, which Debian does not put into the path.</summary>
    private static string? Programs => Directory.Exists(Installed)
        ? Directory.EnumerateDirectories(Installed).Select(folder => Path.Combine(folder, "bin"))
            .Where(folder => File.Exists(Path.Combine(folder, "initdb"))).Max()
        : null;

    private static void AsPostgres(string program, params string[] arguments)
    {
        var path = Path.Combine(Programs!, program);
        if (Environment.IsPrivilegedProcess) Run("runuser", ["-u", "postgres", "--", path, .. arguments]);
        else Run(path, arguments);
    }

    private static void Run(string program, params string[] arguments)
    {
        // The server inherits what pg_ctl has open: pipes would keep us waiting for its end, so it goes through files of the shell.
        var log = Path.GetTempFileName();
        try
        {
            var quoted = string.Join(' ', arguments.Prepend(program).Select(word => $"'{word}'"));
            using var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", $"exec {quoted} >'{log}' 2>&1 </dev/null"]) { WorkingDirectory = "/" })!;
            process.WaitForExit();
            if (process.ExitCode != 0) throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} exits with {process.ExitCode}: {File.ReadAllText(log)}");
        }
        finally { File.Delete(log); }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
