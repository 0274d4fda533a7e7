using System.Runtime.InteropServices;
using Pipeline.Protocol.Jobs;
using static TorchSharp.torch;

namespace Pipeline.Stages.Hosting;

/// <summary>Sets libtorch up as the job says. Sums depend on how many threads share them, so the number is exact and goes into checkpoints.</summary>
public static partial class TorchRuntime
{
    /// <summary>
    /// Rounds that a thread of libgomp waits busily for the others before it sleeps. By default it does not sleep, and where
    /// another program has one of the cores, each of a step's hundreds of parallel regions waits for a time slice: a step
    /// was seen to take ten times as long.
    /// </summary>
    private const string SpinCount = "0";

    // mallopt's numbers, from glibc's malloc.h.
    private const int TrimThreshold = -1, TopPad = -2, MmapThreshold = -3;

    /// <summary>Takes the job's number of threads and opens its device.</summary>
    /// <exception cref="StageException">The device is not there.</exception>
    public static Device Open(JobFile job) => Open(job.Cpus, job.Device);

    /// <summary>Takes so many threads and opens a device.</summary>
    /// <exception cref="StageException">The device is not there.</exception>
    public static Device Open(int threads, string deviceName)
    {
        // Read by libgomp once, as libtorch is loaded; .NET's own SetEnvironmentVariable does not reach it.
        if (OperatingSystem.IsLinux()) _ = SetNativeVariable("GOMP_SPINCOUNT", SpinCount, overwrite: 0);
        KeepFreedMemory();
        // A second call with another number would throw: the pool of the first is there for good.
        if (get_num_interop_threads() != 1) set_num_interop_threads(1);
        set_num_threads(threads);

        if (!deviceName.StartsWith("cuda", StringComparison.Ordinal)) return device(deviceName);
        if (!cuda.is_available())
            throw new StageException(StageErrors.DeviceMissing,
                $"{deviceName} is asked for, but libtorch finds no CUDA device. This build may be the CPU one (-p:Torch=cuda makes the other), "
                + "or the machine has no driver; run `pipeline doctor`.");
        return device(deviceName);
    }

    /// <summary>
    /// Tells malloc not to give freed memory back: a training step frees and takes the same few hundred megabytes again and
    /// again, and each page that went back is a page fault and a page to be zeroed. Buffers above 32 MB, the most that
    /// malloc allows, are still mapped one by one.
    /// </summary>
    private static void KeepFreedMemory()
    {
        if (!OperatingSystem.IsLinux()) return;
        _ = SetMallocOption(MmapThreshold, 32 << 20);
        _ = SetMallocOption(TrimThreshold, int.MaxValue);
        _ = SetMallocOption(TopPad, 16 << 20);
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int SetMallocOption(int parameter, int value);

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetNativeVariable(string name, string value, int overwrite);
}
