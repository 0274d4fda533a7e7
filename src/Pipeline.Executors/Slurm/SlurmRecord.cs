using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Pipeline.Protocol;
using Pipeline.Protocol.Jobs;

namespace Pipeline.Executors.Slurm;

/// <summary>
/// <c>slurm.json</c> in the attempt's folder: which Slurm job has the attempt. It is on disk before the job may start.
/// </summary>
/// <param name="Id">Its number.</param>
/// <param name="Name">Its name.</param>
/// <param name="Submitted">When Slurm says that it was submitted: seconds since 1970.</param>
/// <param name="Released">Whether it may start, as far as we know.</param>
internal sealed record SlurmRecord(long Id, string Name, long Submitted, bool Released)
{
    private const string FileName = "slurm.json";
    private const int LongestPlainName = 200; // Slurm itself takes a thousand characters, its tables do not

    /// <summary>
    /// The job's name in Slurm. Only characters that no option of Slurm's commands splits or quotes; a name that must be
    /// changed for that ends with a digest of the whole, so that two stay two.
    /// </summary>
    public static string NameOf(string job)
    {
        if (job.Length <= LongestPlainName && job.All(IsPlain)) return job;
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(job)))[..12];
        return $"{string.Concat(job.Take(LongestPlainName).Select(c => IsPlain(c) ? c : '-'))}-{digest}";
    }

    /// <summary>The record of an attempt; null if none was written.</summary>
    public static SlurmRecord? Read(AttemptFolder folder) =>
        PathIn(folder) is var path && File.Exists(path)
            ? JsonSerializer.Deserialize<SlurmRecord>(File.ReadAllBytes(path), ProtocolJson.Line)
            : null;

    /// <summary>Writes it, whole and on disk.</summary>
    public void Write(AttemptFolder folder) => WholeFile.WriteJson(PathIn(folder), this);

    /// <summary>
    /// Whether <paramref name="job"/> is the one that was recorded, and not another that was given its number by a
    /// controller that had lost it. A job that somebody has put back into the queue counts as submitted later.
    /// </summary>
    public bool IsOf(SlurmJob job) => job.Id == Id && job.Name == Name && job.Submitted >= Submitted;

    private static bool IsPlain(char c) => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-';

    private static string PathIn(AttemptFolder folder) => Path.Combine(folder.Path, FileName);
}
