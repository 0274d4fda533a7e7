using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.Datasets.Chat;
using Pipeline.Datasets.Parquet;
using Pipeline.Datasets.Parquet.Rows;
using Pipeline.Stages.Hosting;

namespace Pipeline.Stages.Generate;

/// <summary>Messages to answer, or a text to go on with.</summary>
/// <param name="Messages">Written by the chat template; null for a text.</param>
/// <param name="Text">As it is; null for messages.</param>
public sealed record Prompt(IReadOnlyList<ChatMessage>? Messages, string? Text)
{
    /// <summary>As messages: a text counts as the user's.</summary>
    public IReadOnlyList<ChatMessage> AsMessages => Messages ?? [ChatMessage.User(Text!)];

    /// <summary>As it stood in a file.</summary>
    public JsonNode Json => Messages is null ? JsonValue.Create(Text!)
        : new JsonArray([.. Messages.Select(message => new JsonObject { ["role"] = message.Role, ["content"] = message.Content })]);

    /// <summary>A text, which in a chat is the user's turn.</summary>
    public static Prompt OfText(string text, bool chat) => chat ? new([ChatMessage.User(text)], null) : new(null, text);

    /// <summary>Reads prompts from Parquet (<see cref="PromptRow"/>), from JSONL with <c>prompt</c> as text or messages, or one a line.</summary>
    /// <exception cref="ConfigException">The file is not there, or a line is not what its name says.</exception>
    public static IReadOnlyList<Prompt> ReadFile(string path, bool chat)
    {
        if (Path.GetExtension(path) == ".parquet" || Directory.Exists(path))
            return [.. Dataset.Read<PromptRow>(path).Select(row => new Prompt(row.Prompt, null))];
        if (!File.Exists(path)) throw new ConfigException(StageErrors.InputMissing, $"There is no file {path}.");
        var lines = File.ReadLines(path).Select((text, index) => (Text: text, Number: index + 1)).Where(line => line.Text.Length > 0);
        return Path.GetExtension(path) == ".jsonl"
            ? [.. lines.Select(line => OfJson(line.Text, chat, $"{path}:{line.Number}"))]
            : [.. lines.Select(line => OfText(line.Text, chat))];
    }

    private static Prompt OfJson(string line, bool chat, string place)
    {
        try
        {
            return JsonNode.Parse(line)?["prompt"] switch
            {
                JsonValue text => OfText((string)text!, chat),
                JsonArray messages => new([.. messages.Select(message => new ChatMessage((string)message!["role"]!, (string)message["content"]!))], null),
                _ => throw new JsonException("there is no 'prompt'"),
            };
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or ArgumentNullException)
        {
            throw new ConfigException(StageErrors.InputMissing,
                $"{place} is not a prompt ({error.Message}). Each line must be JSON with 'prompt': a text, or a list of {{\"role\": …, \"content\": …}}.");
        }
    }
}
