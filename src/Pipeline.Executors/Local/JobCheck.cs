using Pipeline.Engine.Ports;

namespace Pipeline.Executors.Local;

/// <summary>What can be said against a job before it is queued.</summary>
internal static class JobCheck
{
    /// <exception cref="ExecutorException">This machine can never run it, and why.</exception>
    public static void Refuse(JobRequest job, LocalMachine machine)
    {
        if (!OperatingSystem.IsLinux())
            throw new ExecutorException("EXECUTOR_PLATFORM",
                "Stages run on Linux only: process trees are followed through /proc. On Windows use WSL 2, on a Mac a Linux container.");
        if (JobQueue.Cpus(job) > machine.Cpus)
            throw new ExecutorException("EXECUTOR_CPUS",
                $"{job.Handle.Name} asks for {job.Resources.Cpus} CPUs and this machine has {machine.Cpus}. Lower resources.cpus, or leave it out to take all.");
        if (job.Resources.Gpus > machine.Gpus.Count)
            throw new ExecutorException("EXECUTOR_GPUS",
                $"{job.Handle.Name} asks for {job.Resources.Gpus} GPUs and this machine has {machine.Gpus.Count}. Lower resources.gpus, or see that CUDA_VISIBLE_DEVICES names them.");
        if (!File.Exists(job.Handle.Folder.Job))
            throw new ExecutorException("EXECUTOR_FOLDER", $"{job.Handle.Folder.Job} is missing: the job file must exist before the job is submitted.");
    }
}
