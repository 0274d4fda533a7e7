using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Pipeline.Rewards.Sandboxes;

/// <summary>
/// Runs programs that nobody trusts, by Debian's <c>bubblewrap</c>: namespaces of their own for users, processes, network and
/// files, an unprivileged user without capabilities, <c>/usr</c> read-only, a scratch folder in memory, and nothing else of
/// the machine. Limits come from a control group where we may make one, and from <c>prlimit</c> in any case.
/// </summary>
/// <remarks>
/// A program here talks to the kernel as every process does, so this is a fence against code that a policy writes, not against
/// somebody with an exploit for the kernel. A sandbox that cannot be opened is an error: nothing is ever run without it.
/// </remarks>
public sealed class Sandbox
{
    internal const string Bubblewrap = "/usr/bin/bwrap";
    private const int Nobody = 65534; // the unprivileged user of every Linux
    private const int ErrorBytes = 4096;

    // Closes what whoever started us has left open, joins the control groups whose doors are named up to --, then becomes the rest.
    private const string Enter = """
        for file in /proc/self/fd/*; do [ "${file##*/}" -gt 2 ] && eval "exec ${file##*/}>&-"; done
        while [ "$1" != -- ]; do echo $$ > "$1" || exit 1; shift; done; shift; exec "$@"
        """;

    // Says that the sandbox stands, cuts the files (name, bytes) up to -- off standard input, then becomes the program.
    private const string Unpack = """echo; while [ "$1" != -- ]; do head -c "$2" > "$1"; shift 2; done; shift; exec "$@" """;

    private readonly ControlGroups? _groups = ControlGroups.Find();

    private Sandbox()
    {
    }

    /// <summary>Whether memory and processes are held by a control group, and not only by limits on each process.</summary>
    public bool HasControlGroups => _groups is not null;

    /// <summary>Opens the sandbox and tries, from within, all that it should prevent.</summary>
    /// <exception cref="RewardException">It cannot be had on this machine, or does not hold.</exception>
    public static async Task<Sandbox> OpenAsync()
    {
        foreach (var (program, package) in new[] { (Bubblewrap, "bubblewrap"), (SelfTest.Python, "python3"), ("/usr/bin/prlimit", "util-linux") })
            if (!File.Exists(program)) throw Unusable($"{program} is not installed: apt-get install {package}.");
        var sandbox = new Sandbox();
        if (await SelfTest.FindLeakAsync(sandbox) is { } leak) throw Unusable(leak);
        return sandbox;
    }

    /// <summary>Runs a program to its end or to a limit. When this returns nothing of it is left.</summary>
    /// <exception cref="RewardException">The sandbox could not be set up, which is no fault of the program.</exception>
    public Task<SandboxResult> RunAsync(SandboxProgram program, SandboxLimits limits, CancellationToken cancellation) =>
        // The kernel kills the sandbox when the thread that started it ends, so that thread stays for as long as it runs.
        Task.Factory.StartNew(() => SuperviseAsync(program, limits, cancellation).GetAwaiter().GetResult(), cancellation,
            TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);

    private async Task<SandboxResult> SuperviseAsync(SandboxProgram program, SandboxLimits limits, CancellationToken cancellation)
    {
        using var group = _groups?.Create(limits);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        stop.CancelAfter(limits.Time);
        using var process = Process.Start(StartInfo(program, limits, group))!;
        using var kill = stop.Token.Register(Kill);
        var input = FeedAsync(process, program);
        var output = CappedStream.ReadAsync(process.StandardOutput.BaseStream, limits.OutputBytes, overflow: Kill);
        var errors = CappedStream.ReadAsync(process.StandardError.BaseStream, ErrorBytes);
        await process.WaitForExitAsync(CancellationToken.None);
        await Task.WhenAll(input, output, errors);

        cancellation.ThrowIfCancellationRequested();
        var (text, isCut) = await output;
        var end = isCut ? SandboxEnd.TooMuchOutput : stop.IsCancellationRequested ? SandboxEnd.TimedOut : SandboxEnd.Exited;
        if (!text.StartsWith('\n') && end == SandboxEnd.Exited) throw Unusable((await errors).Text.Trim());
        return new SandboxResult(end, process.ExitCode, text.Length > 0 ? text[1..] : "", (await errors).Text);

        // All of it: bubblewrap's child does not end with its parent before it has come so far as to ask for that.
        void Kill() => process.Kill(entireProcessTree: true);
    }

    private static ProcessStartInfo StartInfo(SandboxProgram program, SandboxLimits limits, ControlGroup? group)
    {
        string[] command =
        [
            "/bin/bash", "-c", Enter, "bash", .. group?.Doors ?? [], "--",
            .. !Environment.IsPrivilegedProcess ? [] : (string[])
                ["/usr/bin/setpriv", $"--reuid={Nobody}", $"--regid={Nobody}", "--clear-groups", "--no-new-privs"],
            Bubblewrap, "--unshare-all", "--unshare-user", "--disable-userns", "--die-with-parent", "--new-session", "--cap-drop", "ALL",
            "--hostname", "sandbox", "--clearenv", "--setenv", "PATH", "/usr/bin", "--setenv", "HOME", "/scratch", "--setenv", "LANG", "C.UTF-8",
            "--ro-bind", "/usr", "/usr", "--symlink", "usr/bin", "/bin", "--symlink", "usr/lib", "/lib", "--symlink", "usr/lib64", "/lib64",
            "--proc", "/proc", "--dev", "/dev", "--size", Text(limits.ScratchBytes), "--tmpfs", "/scratch", "--chdir", "/scratch",
            "--remount-ro", "/dev", "--remount-ro", "/",
            // Within, since the number of processes is counted by user and namespace: outside it would count all of the user's.
            "/usr/bin/prlimit", $"--as={Text(limits.MemoryBytes)}", $"--nproc={Text(limits.Processes)}", $"--fsize={Text(limits.ScratchBytes)}",
            $"--cpu={Text((long)Math.Ceiling(limits.Time.TotalSeconds) + 1)}", "--nofile=64", "--core=0",
            "/bin/sh", "-c", Unpack, "sh", .. program.Files.SelectMany(file => new[] { file.Key, Text(Encoding.UTF8.GetByteCount(file.Value)) }), "--",
            .. program.Command,
        ];
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            WorkingDirectory = "/",
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear(); // secrets live there
        return start;
    }

    private static async Task FeedAsync(Process process, SandboxProgram program)
    {
        try
        {
            await using var input = process.StandardInput.BaseStream;
            foreach (var text in program.Files.Values.Append(program.Input)) await input.WriteAsync(Encoding.UTF8.GetBytes(text));
        }
        catch (IOException)
        {
            // It ended, or was ended, before it had read everything; how, its exit code tells.
        }
    }

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static RewardException Unusable(string reason) => new(RewardException.Sandbox,
        $"There is no sandbox to run code in: {reason} Code is never run without one. On Debian and Ubuntu: apt-get install bubblewrap "
        + "python3; a container must allow user namespaces (Docker: --security-opt seccomp=unconfined --security-opt apparmor=unconfined). "
        + "JavaScript (language: javascript) needs none of it.");
}
