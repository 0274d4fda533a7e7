using System.Text.Json;
using Pipeline.Datasets.Chat.Jinja;
using Pipeline.Datasets.Tokenization;

namespace Pipeline.Datasets.Chat;

/// <summary>
/// A Jinja chat template as transformers keeps it beside a model. Understood is what the templates of the known model families
/// use (README.md in the folder Jinja lists it); every other construct is an error with its name, line and column.
/// </summary>
public sealed class ChatTemplate : IChatTemplate
{
    /// <summary>The file transformers keeps a template in.</summary>
    public const string FileName = "chat_template.jinja";

    private readonly IReadOnlyList<Node> _nodes;
    private readonly string? _bosToken;
    private readonly string? _eosToken;
    private readonly TimeProvider _clock;

    private ChatTemplate(IReadOnlyList<Node> nodes, string? bosToken, string? eosToken, TimeProvider clock) =>
        (_nodes, _bosToken, _eosToken, _clock) = (nodes, bosToken, eosToken, clock);

    /// <summary>Reads chat_template.jinja, or else the <c>chat_template</c> of tokenizer_config.json, as older models have it.</summary>
    /// <param name="folder">A model folder in Hugging Face's layout.</param>
    /// <param name="tokenizer">The tokenizer of that folder, for <c>bos_token</c> and <c>eos_token</c>.</param>
    /// <exception cref="DatasetException">There is no template, or it goes beyond what is understood.</exception>
    public static ChatTemplate Load(string folder, Tokenizer tokenizer) => FindSource(folder) is { } source
        ? Parse(source, tokenizer.BosToken, tokenizer.EosToken)
        : throw new DatasetException(DatasetErrors.TemplateFile,
            $"The folder {folder} has no {FileName}. A base model has none: add one, since all stages must write conversations alike.");

    /// <summary>Parses a template.</summary>
    /// <param name="source">Jinja.</param>
    /// <param name="bosToken">Its <c>bos_token</c>; null leaves that undefined.</param>
    /// <param name="eosToken">Its <c>eos_token</c>; null leaves that undefined.</param>
    /// <param name="clock">Where <c>strftime_now</c> takes the day from; null for the machine's clock.</param>
    /// <exception cref="DatasetException">It goes beyond what is understood.</exception>
    public static ChatTemplate Parse(string source, string? bosToken, string? eosToken, TimeProvider? clock = null) =>
        new(Parser.Parse(source), bosToken, eosToken, clock ?? TimeProvider.System);

    /// <inheritdoc/>
    public string Render(IReadOnlyList<ChatMessage> messages, bool addGenerationPrompt)
    {
        var turns = messages.Select(object? (turn) =>
            new Dictionary<string, object?> { ["role"] = turn.Role, ["content"] = turn.Content }).ToList();
        var variables = new Dictionary<string, object?> { ["messages"] = turns, ["add_generation_prompt"] = addGenerationPrompt };
        if (_bosToken is not null) variables["bos_token"] = _bosToken;
        if (_eosToken is not null) variables["eos_token"] = _eosToken;
        return Evaluator.Render(_nodes, variables, _clock);
    }

    /// <summary>The text of the folder's template, or null.</summary>
    internal static string? FindSource(string folder)
    {
        var file = Path.Combine(folder, FileName);
        if (File.Exists(file)) return File.ReadAllText(file);
        var config = JsonFiles.ReadOptional(Path.Combine(folder, "tokenizer_config.json"));
        return config.ValueKind == JsonValueKind.Object && config.TryGetProperty("chat_template", out var template)
            && template.ValueKind == JsonValueKind.String ? template.GetString() : null;
    }
}
