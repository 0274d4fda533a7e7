using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Pipeline.Protocol.Options;

/// <summary>
/// 1 if the program in the completion's last fenced block passes the tests in the ground truth, else 0. The tests are those of
/// LiveCodeBench, APPS, MBPP or HumanEval, as JSON.
/// </summary>
public sealed record CodeTerm : RewardTermOptions, ICodeLimits
{
    /// <summary>What the programs are written in. Default python, which needs bubblewrap and python3; javascript needs nothing installed.</summary>
    public CodeLanguage Language { get; init; } = CodeLanguage.Python;

    /// <summary>Seconds a test may take. Default 6, as in LiveCodeBench.</summary>
    [Range(1, 3600)] public int TestSeconds { get; init; } = 6;

    /// <summary>Seconds that all tests of a completion may take together; those not run by then count as timed out. Default 60.</summary>
    [Range(1, 86_400)] public int TotalSeconds { get; init; } = 60;

    /// <summary>Memory of a program, in mebibytes. Default 1024.</summary>
    [Range(64, 1_048_576)] public int MemoryMegabytes { get; init; } = 1024;

    /// <summary>Whether the score is the share of tests passed instead of all or nothing. Default false, as in the paper; a share is easier to climb and easier to game.</summary>
    public bool Partial { get; init; }
}

/// <summary>What programs are written in.</summary>
public enum CodeLanguage
{
    /// <summary>The machine's Python 3, in a sandbox.</summary>
    Python,

    /// <summary>ECMAScript in an interpreter of our own process.</summary>
    [JsonStringEnumMemberName("javascript")] JavaScript,
}
