namespace Pipeline.Training.Sampling;

/// <summary>Prompts of the same tokens are the same prompt.</summary>
internal sealed class PromptComparer : IEqualityComparer<int[]>
{
    public bool Equals(int[]? one, int[]? other) => one.AsSpan().SequenceEqual(other);

    public int GetHashCode(int[] prompt)
    {
        var hash = new HashCode();
        foreach (var token in prompt) hash.Add(token);
        return hash.ToHashCode();
    }
}
