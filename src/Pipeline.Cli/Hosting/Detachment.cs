using System.Runtime.InteropServices;

namespace Pipeline.Cli.Hosting;

/// <summary>
/// Turns the signals that end a process into a wish to detach: jobs run on. The second signal ends the process the
/// ordinary way.
/// </summary>
internal sealed class Detachment : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly List<PosixSignalRegistration> _registrations = [];

    public Detachment()
    {
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP])
            _registrations.Add(PosixSignalRegistration.Create(signal, Received));
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>Whether a person left (Ctrl-C, a closed terminal), and so wants the run to go on without them.</summary>
    public bool ByAPerson { get; private set; }

    /// <inheritdoc/>
    public void Dispose()
    {
        _registrations.ForEach(registration => registration.Dispose());
        _source.Dispose();
    }

    private void Received(PosixSignalContext context)
    {
        if (_source.IsCancellationRequested) return;
        context.Cancel = true;
        ByAPerson = context.Signal is PosixSignal.SIGINT or PosixSignal.SIGHUP;
        _source.Cancel();
    }
}
