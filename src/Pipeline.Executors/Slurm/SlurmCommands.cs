using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Pipeline.Engine.Ports;

namespace Pipeline.Executors.Slurm;

/// <summary>Slurm's own commands, which every cluster has where people log in.</summary>
/// <param name="folder">Where they are; null: wherever PATH says.</param>
internal sealed class SlurmCommands(string? folder = null)
{
    // A controller that is away is told of by squeue after 9 s and by scontrol after 18 s.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // What a user or a surrounding job has set for these commands must not change what we ask.
    private static readonly string[] Misleading = ["SBATCH_", "SQUEUE_", "SACCT_", "SCANCEL_", "SLURM_"];
    private static readonly string[] Kept = ["SLURM_CONF"];

    private static readonly string[] NoAnswer =
    [
        "timed out", "Unable to contact", "connect failure", "Connection refused", "Transport endpoint", "Zero Bytes were transmitted",
        "communication", "temporarily un", "Resource temporarily",
        // Limits on what a user has in the queue: there is room later.
        "MaxSubmit", "job submit limit",
    ];

    /// <summary>All jobs of the cluster, or of ours alone where squeue heeds its filters; those that ended lately among them.</summary>
    public async Task<IReadOnlyList<SlurmJob>> Queue(CancellationToken cancellation) =>
        SlurmQueue.Read(await Ask("squeue", ["--json", "--me", "--states=all"], cancellation));

    /// <summary>How a job that the queue has forgotten ended; null if there is no accounting or it does not know.</summary>
    public async Task<SlurmJob?> Accounted(long id, string name, CancellationToken cancellation)
    {
        var answer = await Run("sacct", SlurmAccounting.Arguments(id), cancellation);
        if (answer.ExitCode == 0) return SlurmAccounting.Read(answer.Output, id, name);
        if (answer.Error.Contains("accounting storage is disabled", StringComparison.OrdinalIgnoreCase)) return null;
        throw new SlurmUnavailableException($"sacct: {answer.Error.Trim()}");
    }

    /// <summary>
    /// Submits a job that waits for <see cref="Release"/>. The test that comes first finds what a held job is not tested for.
    /// </summary>
    /// <returns>Its number.</returns>
    /// <exception cref="ExecutorException">Slurm refuses it.</exception>
    /// <exception cref="SlurmUnavailableException">Slurm did not answer. The job may have been submitted all the same: look for its name.</exception>
    public async Task<long> SubmitHeld(JobScript script, IReadOnlyDictionary<string, string> environment, CancellationToken cancellation)
    {
        Judge(await Run("sbatch", ["--test-only", .. script.Options], cancellation, script.Text, environment));
        var held = Judge(await Run("sbatch", ["--parsable", "--hold", .. script.Options], cancellation, script.Text, environment));
        var number = held.Output.Trim().Split(';')[0]; // a cluster's name may follow
        return long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? id
            : throw new SlurmUnavailableException($"sbatch answered what is not understood: {held.Output.Trim()}");
    }

    /// <summary>Lets a held job start. May be repeated.</summary>
    public async Task Release(long id, CancellationToken cancellation)
    {
        var answer = await Run("scontrol", ["release", Text(id)], cancellation);
        // It has ended, or nobody knows it any more: the next look tells.
        if (answer.ExitCode != 0 && Unanswered(answer)) throw new SlurmUnavailableException($"scontrol: {answer.Error.Trim()}");
    }

    /// <summary>Sends SIGTERM to the script of a running job.</summary>
    public Task Terminate(long id, CancellationToken cancellation) => Cancel(["--signal=TERM", "--batch", "--state=RUNNING", Text(id)], cancellation);

    /// <summary>Takes a waiting job out of the queue.</summary>
    public Task Withdraw(long id, CancellationToken cancellation) => Cancel(["--state=PENDING", Text(id)], cancellation);

    // That a job has ended or never was is no reason to ask again; scancel tells of it only where it looks at states.
    private async Task Cancel(IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        var answer = await Run("scancel", arguments, cancellation);
        if (answer.ExitCode != 0 && Unanswered(answer)) throw new SlurmUnavailableException($"scancel: {answer.Error.Trim()}");
    }

    private static Answer Judge(Answer answer)
    {
        if (answer.ExitCode == 0) return answer;
        if (Unanswered(answer)) throw new SlurmUnavailableException($"sbatch: {answer.Error.Trim()}");
        throw new ExecutorException("EXECUTOR_SLURM_REFUSED",
            $"Slurm refuses the job: {answer.Error.Trim()} See the stage's resources and its slurm settings, and `sinfo` for what the cluster has.");
    }

    private static bool Unanswered(Answer answer) =>
        NoAnswer.Any(sign => answer.Error.Contains(sign, StringComparison.OrdinalIgnoreCase));

    private async Task<string> Ask(string program, IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        var answer = await Run(program, arguments, cancellation);
        return answer.ExitCode == 0 ? answer.Output : throw new SlurmUnavailableException($"{program}: {answer.Error.Trim()}");
    }

    private async Task<Answer> Run(
        string program, IReadOnlyList<string> arguments, CancellationToken cancellation, string input = "",
        IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(folder is null ? program : Path.Combine(folder, program), arguments)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(name => !Kept.Contains(name) && Misleading.Any(name.StartsWith)).ToList())
            start.Environment.Remove(name);
        foreach (var name in EngineSecrets.Variables) start.Environment.Remove(name); // the job inherits what sbatch has
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;

        using var process = Start(start);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        try
        {
            var (output, error) = (process.StandardOutput.ReadToEndAsync(patience.Token), process.StandardError.ReadToEndAsync(patience.Token));
            await Give(process, input, patience.Token);
            await process.WaitForExitAsync(patience.Token);
            return new(process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            if (cancellation.IsCancellationRequested) throw;
            throw new SlurmUnavailableException($"{program} did not answer within {Patience.TotalSeconds} s");
        }
    }

    private static Process Start(ProcessStartInfo start)
    {
        try { return Process.Start(start)!; }
        catch (Win32Exception error)
        {
            throw new ExecutorException("EXECUTOR_SLURM_MISSING",
                $"{start.FileName} cannot be started: {error.Message}. Stages with `executor: slurm` need an engine on a machine of the cluster, such as its login node.");
        }
    }

    private static async Task Give(Process process, string input, CancellationToken cancellation)
    {
        try
        {
            await process.StandardInput.WriteAsync(input.AsMemory(), cancellation);
            process.StandardInput.Close();
        }
        catch (IOException) { } // it ended without reading; its exit code says why
    }

    private static string Text(long id) => id.ToString(CultureInfo.InvariantCulture);

    private sealed record Answer(int ExitCode, string Output, string Error);
}
