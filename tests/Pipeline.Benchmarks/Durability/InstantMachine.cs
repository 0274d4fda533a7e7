using System.Diagnostics;
using System.Text.Json;
using Pipeline.Engine.Ports;
using Pipeline.Protocol;
using Pipeline.Protocol.Artifacts;
using Pipeline.Protocol.Jobs;

namespace Pipeline.Benchmarks.Durability;

/// <summary>Every job is done, with a small output on the disk, when <see cref="Submit"/> returns: what remains is the engine's own time.</summary>
internal sealed class InstantMachine : IExecutor
{
    /// <summary>When each job was submitted.</summary>
    public List<long> Submissions { get; } = [];

    public Task Submit(JobRequest job, CancellationToken cancellation)
    {
        Submissions.Add(Stopwatch.GetTimestamp());
        var file = JsonSerializer.Deserialize<JobFile>(File.ReadAllText(job.Handle.Folder.Job), ProtocolJson.Line)!;
        Directory.CreateDirectory(job.Handle.Folder.Outputs);
        File.WriteAllText(file.Outputs["model"], file.Token);
        WholeFile.WriteJson(job.Handle.Folder.Result, new ResultFile
        {
            Token = file.Token,
            Outputs = new Dictionary<string, ResultOutput> { ["model"] = new("model", ArtifactDigest.Of(file.Outputs["model"])) },
        });
        return Task.CompletedTask;
    }

    public Task<IReadOnlyDictionary<string, JobStatus>> Poll(IReadOnlyCollection<JobHandle> jobs, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyDictionary<string, JobStatus>>(jobs.ToDictionary(job => job.Name, _ => new JobStatus(
            JobPhase.Exited, new ExitRecord(0, null, ExitAsked.Nobody, 0, 0, DateTimeOffset.UtcNow))));

    public Task Stop(JobHandle job, ExitAsked askedBy, CancellationToken cancellation) => Task.CompletedTask;
}
