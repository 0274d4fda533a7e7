using Pipeline.Engine.Ports;

namespace Pipeline.Executors.Local;

/// <summary>Jobs in the order in which they came, and which of them start next.</summary>
internal static class JobQueue
{
    /// <summary>
    /// The jobs that fit into what is free. Who waits for processors is not overtaken by a later, smaller job that would
    /// take them away; but a job that waits for a GPU holds up only those that want one too.
    /// </summary>
    public static IReadOnlyList<JobRequest> Startable(IEnumerable<JobRequest> waiting, int freeCpus, int freeGpus)
    {
        var startable = new List<JobRequest>();
        foreach (var job in waiting)
        {
            var (cpus, gpus) = (Cpus(job), job.Resources.Gpus);
            if (gpus > freeGpus)
            {
                freeGpus = 0;
                continue;
            }
            if (cpus > freeCpus) break;
            startable.Add(job);
            freeCpus -= cpus;
            freeGpus -= gpus;
        }
        return startable;
    }

    /// <summary>CPU slots that a job takes: every job at least one.</summary>
    public static int Cpus(JobRequest job) => Math.Max(1, job.Resources.Cpus ?? 1);
}
