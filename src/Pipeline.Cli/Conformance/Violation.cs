using System.Text.Json.Serialization;

namespace Pipeline.Cli.Conformance;

/// <summary>A rule of the stage protocol that a program did not keep, or something that is worth knowing.</summary>
/// <param name="Rule">Stable name, such as <c>RESULT_TOKEN</c>; <c>stages/Command/README.md</c> has the list.</param>
/// <param name="Act">What the program was put through, see <see cref="Acts"/>.</param>
/// <param name="Seen">What was seen.</param>
/// <param name="Remedy">What the rule asks for, and so what to do.</param>
internal sealed record Violation(string Rule, string Act, string Seen, string Remedy)
{
    /// <summary>Whether it breaks no rule, and is only worth knowing.</summary>
    [JsonIgnore]
    public bool IsRemark { get; init; }
}

/// <summary>What a program is put through, in this order.</summary>
internal static class Acts
{
    /// <summary>Started, and left alone to its end.</summary>
    public const string Undisturbed = "undisturbed";

    /// <summary>The same job started once more, when it is done.</summary>
    public const string SecondStart = "second start";

    /// <summary>SIGTERM in the middle of its work.</summary>
    public const string Stop = "SIGTERM";

    /// <summary>Started to go on from the checkpoint that it has left.</summary>
    public const string Resume = "resume";

    /// <summary>Told to go on from a checkpoint of which a file was cut in half.</summary>
    public const string Torn = "torn checkpoint";

    /// <summary>Given an option that it cannot know.</summary>
    public const string WrongOption = "wrong option";
}
