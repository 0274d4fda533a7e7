using System.ComponentModel.DataAnnotations;

namespace Pipeline.Protocol.Options;

/// <summary>How programs are run on their tests.</summary>
public interface ICodeLimits
{
    /// <summary>What the programs are written in.</summary>
    CodeLanguage Language { get; }

    /// <summary>Seconds a test may take.</summary>
    int TestSeconds { get; }

    /// <summary>Seconds that all tests of a completion may take together.</summary>
    int TotalSeconds { get; }

    /// <summary>Memory of a program, in mebibytes.</summary>
    int MemoryMegabytes { get; }
}

/// <summary>How the answers to prompts of the ability <c>code</c> are graded: the program in the last fenced block is run on the tests in the ground truth.</summary>
public sealed record CodeGrading : ICodeLimits
{
    /// <summary>What the programs are written in. Default python, which needs bubblewrap and python3; javascript needs nothing installed.</summary>
    public CodeLanguage Language { get; init; } = CodeLanguage.Python;

    /// <summary>Seconds a test may take. Default 6, as in LiveCodeBench.</summary>
    [Range(1, 3600)] public int TestSeconds { get; init; } = 6;

    /// <summary>Seconds that all tests of a completion may take together; those not run by then count as timed out. Default 60.</summary>
    [Range(1, 86_400)] public int TotalSeconds { get; init; } = 60;

    /// <summary>Memory of a program, in mebibytes. Default 1024.</summary>
    [Range(64, 1_048_576)] public int MemoryMegabytes { get; init; } = 1024;
}
