namespace Pipeline.Endpoints;

/// <summary>A turn of a conversation.</summary>
/// <param name="Role"><c>system</c>, <c>user</c> or <c>assistant</c>.</param>
/// <param name="Content">What is said.</param>
public sealed record ChatTurn(string Role, string Content)
{
    /// <summary>What a person asks.</summary>
    public static ChatTurn User(string content) => new("user", content);
}
