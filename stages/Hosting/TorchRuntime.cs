using Pipeline.Protocol.Jobs;
using static TorchSharp.torch;

namespace Pipeline.Stages.Hosting;

/// <summary>Sets libtorch up as the job says. Sums depend on how many threads share them, so the number is exact and goes into checkpoints.</summary>
public static class TorchRuntime
{
    /// <summary>Takes the job's number of threads and opens its device.</summary>
    /// <exception cref="StageException">The device is not there.</exception>
    public static Device Open(JobFile job)
    {
        // A second call with another number would throw: the pool of the first is there for good.
        if (get_num_interop_threads() != 1) set_num_interop_threads(1);
        set_num_threads(job.Cpus);

        if (!job.Device.StartsWith("cuda", StringComparison.Ordinal)) return device(job.Device);
        if (!cuda.is_available())
            throw new StageException(StageErrors.DeviceMissing,
                $"The job asks for {job.Device}, but libtorch finds no CUDA device. This build may be the CPU one (-p:Torch=cuda makes the other), "
                + "or the machine has no driver; run `pipeline doctor`.");
        return device(job.Device);
    }
}
