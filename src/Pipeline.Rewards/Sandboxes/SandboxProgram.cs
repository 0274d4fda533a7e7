namespace Pipeline.Rewards.Sandboxes;

/// <summary>What is run in a <see cref="Sandbox"/>.</summary>
/// <param name="Command">Program and arguments; it starts in the scratch folder.</param>
public sealed record SandboxProgram(IReadOnlyList<string> Command)
{
    /// <summary>Files that lie in the scratch folder, by plain name.</summary>
    public IReadOnlyDictionary<string, string> Files { get; init; } = new Dictionary<string, string>();

    /// <summary>What it reads from standard input.</summary>
    public string Input { get; init; } = "";
}
