using System.Diagnostics;
using System.Reflection;
using Pipeline.Protocol.Jobs;
using static TorchSharp.torch;

namespace Pipeline.Stages.Hosting;

/// <summary>Loads libtorch and multiplies once: <c>pipeline doctor</c> asks this whether training can work here.</summary>
public static class SelfCheck
{
    /// <returns>0 if it works, 70 with the reason on the error stream if not.</returns>
    public static int Run()
    {
        try
        {
            var started = Stopwatch.GetTimestamp();
            using var product = ones(64, 64).matmul(ones(64, 64));
            var works = product[0, 0].item<float>() == 64f;
            Console.WriteLine($"""
                pipeline-stage {typeof(SelfCheck).Assembly.GetName().Version?.ToString(3)}
                TorchSharp {TorchSharpVersion()}
                libtorch {__version__}
                cuda {(cuda.is_available() ? $"{cuda.device_count()} device(s)" : "none")}
                threads {get_num_threads()}
                loaded in {Stopwatch.GetElapsedTime(started).TotalSeconds:F2} s
                """);
            return works ? StageExit.Done : StageExit.Internal;
        }
        catch (Exception error)
        {
            Console.Error.WriteLine($"error {StageErrors.Internal}: libtorch does not load: {error.GetBaseException().Message}");
            return StageExit.Internal;
        }
    }

    private static string? TorchSharpVersion() =>
        typeof(TorchSharp.torch).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0];
}
