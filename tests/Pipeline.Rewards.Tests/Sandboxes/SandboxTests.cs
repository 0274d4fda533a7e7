using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Pipeline.Rewards.Sandboxes;

namespace Pipeline.Rewards.Tests.Sandboxes;

/// <summary>Programs that attack: each shows that it came to its attack, and what it got.</summary>
[Parallelizable(ParallelScope.Children)]
public class SandboxTests
{
    private static readonly TimeSpan s_short = TimeSpan.FromSeconds(1);

    [Test]
    public async Task Run_HonestProgram_GetsItsInputAndGivesItsOutput()
    {
        var result = await TestSandbox.RunAsync("import sys\nprint(sum(map(int, open(0))))\nsys.exit(3)", input: "1\n2\n");
        Assert.That(result, Is.EqualTo(new SandboxResult(SandboxEnd.Exited, 3, "3\n", "")));
    }

    [Test]
    public async Task ForkBomb_StopsAtTheLimitAndLeavesNobody()
    {
        var result = await TestSandbox.RunAsync(
            """
            import os, time
            born = 0
            while True:
                try:
                    if os.fork() == 0:
                        time.sleep(1000)
                    born += 1
                except OSError as error:
                    print(born, error.errno, flush=True)
                    break
            """, new SandboxLimits { Processes = 16, Time = TimeSpan.FromSeconds(30) });
        // 16 less the program itself and bubblewrap's first process: 14 children, then EAGAIN (11).
        Assert.That(result.Output, Is.EqualTo("14 11\n"));
        Assert.That(Sleepers("1000"), Is.Empty, "the children end with the sandbox");
    }

    [Test]
    public async Task ForkBomb_ThatNeverGivesUp_IsKilledInTime()
    {
        // Every process forks for ever; a fork that fails is tried again.
        var result = await TestSandbox.RunAsync("import os\nwhile True:\n  try: os.fork()\n  except OSError: pass", new SandboxLimits { Time = s_short });
        Assert.That(result.End, Is.EqualTo(SandboxEnd.TimedOut));
    }

    [Test]
    public async Task MemoryBomb_IsRefused()
    {
        var result = await TestSandbox.RunAsync("print('here', flush=True)\nall = []\nwhile True: all.append(bytearray(1 << 20))",
            new SandboxLimits { MemoryBytes = 128 << 20, Time = TimeSpan.FromSeconds(30) });
        Assert.That(result.Output, Is.EqualTo("here\n"));
        Assert.That(result.End, Is.EqualTo(SandboxEnd.Exited));
        Assert.That(result.ExitCode, Is.Not.Zero, "a MemoryError (1), or killed by its control group (137)");
    }

    [Test]
    public async Task MemoryBomb_OfManyProcesses_IsHeldTogetherByAControlGroup()
    {
        if (!(await TestSandbox.OpenAsync()).HasControlGroups) Assert.Ignore("No control groups can be made here; limits are by process.");
        // Ten children of 60 MB stay below the limit of 128 MB one by one; beside each other there is room for two.
        var result = await TestSandbox.RunAsync(
            """
            import os, signal
            children = []
            for _ in range(10):
                read, write = os.pipe()
                children.append(os.fork())
                if children[-1] == 0:
                    held = b'x' * (60 << 20)
                    os.write(write, b'!')
                    os.kill(os.getpid(), signal.SIGSTOP)
                os.close(write)
                os.read(read, 1)
            print(sum(os.waitpid(child, os.WNOHANG)[0] == 0 for child in children))
            """, new SandboxLimits { MemoryBytes = 128 << 20, Time = TimeSpan.FromSeconds(30) });
        Assert.That(result.Output, Is.AnyOf("1\n", "2\n"));
    }

    [Test]
    public async Task EndlessOutput_IsCutAndKilled()
    {
        var result = await TestSandbox.RunAsync("while True: print('x' * 1000)", new SandboxLimits { OutputBytes = 5000, Time = TimeSpan.FromSeconds(30) });
        Assert.That(result.End, Is.EqualTo(SandboxEnd.TooMuchOutput));
        Assert.That(result.Output, Has.Length.EqualTo(4999), "the sandbox's own first line is taken off");
    }

    [Test]
    public async Task EndlessErrors_HoldNobodyUp()
    {
        var result = await TestSandbox.RunAsync("import sys\nfor _ in range(2000): sys.stderr.write('x' * 1000)\nprint('done')");
        Assert.That(result.Output, Is.EqualTo("done\n"));
        Assert.That(result.Errors, Has.Length.EqualTo(4096));
    }

    [TestCase("while True: pass", TestName = "EndlessLoop_IsKilled(working)")]
    [TestCase("import time\ntime.sleep(1000)", TestName = "EndlessLoop_IsKilled(waiting)")]
    [TestCase("import signal, os\nfor s in range(1, 32):\n  try: signal.signal(s, signal.SIG_IGN)\n  except (OSError, ValueError): pass\nwhile True: pass", TestName = "EndlessLoop_IsKilled(deaf to signals)")]
    public async Task EndlessLoop_IsKilled(string program)
    {
        var result = await TestSandbox.RunAsync(program, new SandboxLimits { Time = s_short });
        Assert.That(result.End, Is.EqualTo(SandboxEnd.TimedOut));
    }

    [Test]
    public async Task Files_OfTheMachine_AreNotThere()
    {
        var secret = Path.Combine(Path.GetTempPath(), $"pipeline-secret-{Guid.NewGuid():N}");
        await File.WriteAllTextAsync(secret, "secret");
        try
        {
            var result = await TestSandbox.RunAsync(
                $$"""
                import os
                for path in ['{{secret}}', '/etc/passwd', '/root', '/home', '/proc/1/root{{secret}}', '/sys', '/var', '/proc/{{Environment.ProcessId}}/environ']:
                    try:
                        print(path, os.listdir(path) if os.path.isdir(path) else open(path).read())
                    except OSError:
                        pass
                print(sorted(os.listdir('/')))
                """);
            Assert.That(result.Output, Is.EqualTo("['bin', 'dev', 'lib', 'lib64', 'proc', 'scratch', 'usr']\n"));
        }
        finally
        {
            File.Delete(secret);
        }
    }

    [Test]
    public async Task Environment_HasNothingOfOurs()
    {
        Environment.SetEnvironmentVariable("PIPELINE_TEST_API_KEY", "secret");
        var result = await TestSandbox.RunAsync(
            """
            import os
            print(sorted(set(os.environ) - {'LC_CTYPE'}))
            print(*(open(f'/proc/{p}/environ').read() for p in os.listdir('/proc') if p.isdigit() and os.access(f'/proc/{p}/environ', os.R_OK)))
            print(sorted(os.listdir('/proc/self/fd')))
            """);
        Assert.That(result.Output, Does.StartWith("['HOME', 'LANG', 'PATH', 'PWD']\n"));
        Assert.That(result.Output, Does.Not.Contain("PIPELINE_TEST_API_KEY"));
        Assert.That(result.Output, Does.EndWith("['0', '1', '2', '3']\n"), "three streams, and the folder that is listed");
    }

    [Test]
    public async Task Sockets_ReachNobody()
    {
        using var host = new TcpListener(IPAddress.Loopback, 0);
        host.Start();
        var result = await TestSandbox.RunAsync(
            $$"""
            import socket
            for address in ('127.0.0.1', {{((IPEndPoint)host.LocalEndpoint).Port}}), ('192.0.2.1', 80), ('localhost', 80):
                try:
                    socket.create_connection(address, 1)
                    print('connected to', address)
                except OSError as error:
                    print('no')
            """);
        Assert.That(result.Output, Is.EqualTo("no\nno\nno\n"));
        Assert.That(host.Pending(), Is.False);
    }

    [Test]
    public async Task Kill_OfEveryProcess_ReachesNobodyOutside()
    {
        var result = await TestSandbox.RunAsync(
            $$"""
            import os, signal
            for process in os.getppid(), 1, {{Environment.ProcessId}}:
                try:
                    os.kill(process, signal.SIGKILL)
                    print('sent')
                except OSError as error:
                    print(error.errno)
            os.kill(-1, signal.SIGTERM)
            """);
        // The parent is the namespace's first process, which the kernel shields from its children; ours is no process there (ESRCH, 3).
        Assert.That(result.Output, Is.EqualTo("sent\nsent\n3\n"));
        Assert.That(result.End, Is.EqualTo(SandboxEnd.Exited));
    }

    [Test]
    public async Task Writing_OutsideTheScratch_Fails()
    {
        var result = await TestSandbox.RunAsync(
            """
            import os
            open('/scratch/mine', 'w').write('ok')
            os.symlink('/usr', 'link')
            os.symlink('/proc/self/root/..', 'up')
            for path in '/x', '/usr/x', '/usr/bin/python3', 'link/x', 'up/x', '/dev/x', '/dev/shm/x', '/proc/sys/kernel/hostname', '../x', '/scratch/../x':
                try:
                    open(path, 'w')
                    print('wrote', path)
                except OSError:
                    pass
            for act in (lambda: os.unlink('/usr/bin/python3'), lambda: os.chmod('/usr', 0o777), lambda: os.chroot('/scratch'), lambda: os.setuid(0),
                        lambda: os.mknod('/scratch/disk', 0o60600, os.makedev(254, 0))):
                try:
                    act()
                    print('did it')
                except OSError:
                    pass
            print(open('mine').read())
            """);
        Assert.That(result.Output, Is.EqualTo("ok\n"));
        Assert.That(File.Exists("/x"), Is.False);
    }

    [Test]
    public async Task Writing_MoreThanTheScratchHolds_Fails()
    {
        var result = await TestSandbox.RunAsync(
            """
            count = 0
            try:
                while True:
                    with open(f'{count}', 'wb') as file:
                        file.write(bytes(1 << 20))
                    count += 1
            except OSError as error:
                print(count, error.errno)
            """, new SandboxLimits { ScratchBytes = 4 << 20, Time = TimeSpan.FromSeconds(30) });
        // The program's own file takes a page, so the fourth mebibyte does not fit (ENOSPC, 28).
        Assert.That(result.Output, Is.EqualTo("3 28\n"));
    }

    [Test]
    public async Task Namespaces_OfItsOwn_CannotBeMade()
    {
        var result = await TestSandbox.RunAsync("import ctypes\nprint(ctypes.CDLL(None, use_errno=True).unshare(0x10000000), ctypes.get_errno() > 0)");
        Assert.That(result.Output, Is.EqualTo("-1 True\n"), "a user namespace would give it capabilities to attack the kernel with");
    }

    [Test]
    public async Task Daemon_ThatOutlivesTheProgram_IsGoneWithIt()
    {
        var result = await TestSandbox.RunAsync(
            """
            import os, time
            if os.fork() == 0:
                os.setsid()
                os.closerange(0, 3)
                if os.fork() == 0:
                    os.execv('/usr/bin/sleep', ['sleep', '1234.5'])
                os._exit(0)
            time.sleep(0.1)
            print([open(f'/proc/{p}/cmdline').read().split('\0')[0] for p in os.listdir('/proc') if p.isdigit()].count('sleep'))
            """);
        Assert.That(result.Output, Is.EqualTo("1\n"), "it ran");
        Assert.That(() => Sleepers("1234.5"), Is.Empty.After(2000, 10)); // a namespace that ends takes a moment
    }

    [Test]
    public async Task Cancellation_KillsAtOnce()
    {
        var sandbox = await TestSandbox.OpenAsync();
        using var stop = new CancellationTokenSource();
        var running = sandbox.RunAsync(new SandboxProgram(["/usr/bin/sleep", "4321.5"]), new SandboxLimits { Time = TimeSpan.FromHours(1) }, stop.Token);
        await stop.CancelAsync();
        Assert.That(async () => await running, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(() => Sleepers("4321.5"), Is.Empty.After(2000, 10)); // a namespace that ends takes a moment
    }

    [Test]
    public async Task FileNames_WithSpaces_AndText_BeyondAscii_ArriveWhole()
    {
        var sandbox = await TestSandbox.OpenAsync();
        var result = await sandbox.RunAsync(
            new SandboxProgram(["/usr/bin/cat", "a b", "c"]) { Files = new Dictionary<string, string> { ["a b"] = "größer\n", ["c"] = "" } },
            new SandboxLimits { Time = TimeSpan.FromSeconds(30) }, CancellationToken.None);
        Assert.That(result.Output, Is.EqualTo("größer\n"));
    }

    /// <summary>Processes of the machine whose command ends in that argument.</summary>
    private static IEnumerable<string> Sleepers(string argument) => Process.GetProcesses()
        .Select(process => $"/proc/{process.Id}/cmdline").Where(File.Exists).Select(ReadOrNothing).Where(command => command.TrimEnd('\0').EndsWith($"sleep\0{argument}", StringComparison.Ordinal));

    private static string ReadOrNothing(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (IOException)
        {
            return "";
        }
    }
}
