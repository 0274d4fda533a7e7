using System.Runtime.InteropServices;

namespace Pipeline.Stages.Hosting;

/// <summary>
/// Whether the stage was asked to stop. SIGTERM and SIGINT only raise a flag; the stage looks at it between steps,
/// writes a checkpoint and ends with exit code 75.
/// </summary>
public sealed class StopRequest : IDisposable
{
    private readonly List<PosixSignalRegistration> _registrations = [];
    private volatile bool _asked;

    /// <summary>True once somebody asked.</summary>
    public bool Asked => _asked;

    /// <summary>A request that SIGTERM and SIGINT raise.</summary>
    public static StopRequest FromSignals()
    {
        var request = new StopRequest();
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGTERM, PosixSignal.SIGINT])
            request._registrations.Add(PosixSignalRegistration.Create(signal, context =>
            {
                context.Cancel = true; // the runtime's own answer would be to exit at once
                request.Ask();
            }));
        return request;
    }

    /// <summary>Asks the stage to stop.</summary>
    public void Ask() => _asked = true;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var registration in _registrations) registration.Dispose();
    }
}
