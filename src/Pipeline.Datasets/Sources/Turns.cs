using Pipeline.Datasets.Chat;

namespace Pipeline.Datasets.Sources;

/// <summary>What the turns of a conversation must be like.</summary>
internal static class Turns
{
    /// <summary>A conversation to imitate ends with the assistant.</summary>
    public static IReadOnlyList<ChatMessage> ToLearn(IReadOnlyList<ChatMessage> turns, string column) => turns[^1].Role == ChatMessage.AssistantRole
        ? turns
        : throw new RowException(RowErrors.Turns, column, $"ends with a turn of the {turns[^1].Role}, so there is no answer to learn at its end. Drop the last turn, or the row.");

    /// <summary>A conversation to answer does not end with the assistant.</summary>
    public static IReadOnlyList<ChatMessage> ToAnswer(IReadOnlyList<ChatMessage> turns, string column) => turns[^1].Role != ChatMessage.AssistantRole
        ? turns
        : throw new RowException(RowErrors.Turns, column, "ends with a turn of the assistant, so there is nothing left to answer. Drop the last turn, or the row.");

    /// <summary>The answer alone: one turn, whatever its role.</summary>
    public static string Answer(IReadOnlyList<ChatMessage> turns, string column) => turns.Count == 1
        ? turns[0].Content
        : throw new RowException(RowErrors.Turns, column, $"has {turns.Count} turns, where one answer is wanted. Put the turns before it into 'prompt'.");
}
