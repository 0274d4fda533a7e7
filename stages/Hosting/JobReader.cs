using System.Text.Json;
using Pipeline.Protocol;
using Pipeline.Protocol.Jobs;
using Pipeline.Protocol.Stages;

namespace Pipeline.Stages.Hosting;

/// <summary>Reads <c>job.json</c> and finds the stage kind it names.</summary>
public static class JobReader
{
    private const int SupportedProtocol = 1;

    /// <summary>The job at <paramref name="path"/>.</summary>
    /// <exception cref="ConfigException">There is no such file, it is not a job of protocol 1, or it names no stage kind of this program.</exception>
    public static (JobFile Job, StageKind Kind) Read(string path)
    {
        if (!File.Exists(path))
            throw new ConfigException(StageErrors.JobMissing, $"There is no job file at {path}. {JobFile.EnvironmentVariable} names it.");
        var job = Parse(path);
        if (job.Protocol != SupportedProtocol)
            throw new ConfigException(StageErrors.JobInvalid,
                $"{path} is of stage protocol {job.Protocol}; this program speaks {SupportedProtocol}.");
        var kind = StageKinds.Find(job.Kind) ?? throw new ConfigException(StageErrors.StageUnknown,
            $"{path} names the stage kind '{job.Kind}'; there are {string.Join(", ", StageKinds.All.Select(known => known.Name))}.");
        if (job.KindVersion != kind.Version)
            throw new ConfigException(StageErrors.StageUnknown,
                $"{path} asks for version {job.KindVersion} of {kind.Name}; this program has version {kind.Version}, whose results differ.");
        return (job, kind);
    }

    private static JobFile Parse(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            return JsonSerializer.Deserialize<JobFile>(file, ProtocolJson.Line) ?? throw new JsonException("it holds null");
        }
        catch (JsonException error)
        {
            throw new ConfigException(StageErrors.JobInvalid, $"{path} is not a job file: {error.Message}");
        }
    }
}
