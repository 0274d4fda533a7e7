using Pipeline.Datasets.Packing;
using Pipeline.Datasets.Tokenization;

namespace Pipeline.Datasets.Chat;

/// <summary>Turns conversations into token ids, and says which of them the model is to learn.</summary>
/// <param name="tokenizer">Text to ids.</param>
/// <param name="template">Conversation to text.</param>
public sealed class ChatEncoder(Tokenizer tokenizer, IChatTemplate template)
{
    private const string Placeholder = "\uE000"; // a private-use character: in no template

    /// <summary>
    /// What the generation prompt already writes of the completion, e.g. <c>&lt;think&gt;\n</c>; mostly empty. A completion as the
    /// reader sees it, and as it stands in an assistant message, is this and then what the model sampled.
    /// </summary>
    public string Prefill { get; } = FindPrefill(template);

    /// <summary>Reads tokenizer and template of a model folder.</summary>
    /// <exception cref="DatasetException">One of them is missing or not supported.</exception>
    public static ChatEncoder Load(string folder)
    {
        var tokenizer = Tokenizer.Load(folder);
        return new ChatEncoder(tokenizer, ChatTemplate.Load(folder, tokenizer));
    }

    /// <summary>The tokenizer in use.</summary>
    public Tokenizer Tokenizer => tokenizer;

    /// <summary>The conversation and the beginning of the model's turn, as text.</summary>
    /// <exception cref="DatasetException">A message contains a control token, or the template refuses.</exception>
    public string RenderPrompt(IReadOnlyList<ChatMessage> messages)
    {
        CheckForControlTokens(messages);
        return template.Render(messages, addGenerationPrompt: true);
    }

    /// <summary>The ids to sample from: the conversation and the beginning of the model's turn.</summary>
    /// <inheritdoc cref="RenderPrompt"/>
    public int[] EncodePrompt(IReadOnlyList<ChatMessage> messages) => tokenizer.Encode(RenderPrompt(messages));

    /// <summary>
    /// The ids of a conversation with the assistant's turns marked, each from the end of the generation prompt up to and
    /// including the end-of-sequence token: exactly what the model would have to sample.
    /// </summary>
    /// <remarks>
    /// Spans are found by rendering the turns before, with generation prompt, and the same with the turn; the first must be
    /// the beginning of the second. Spans are encoded by themselves, as sampled tokens also follow an encoded prompt.
    /// </remarks>
    /// <exception cref="DatasetException">
    /// No assistant turn; a template without the prefix property; a turn that does not end in an end-of-sequence token.
    /// </exception>
    public TokenExample Encode(IReadOnlyList<ChatMessage> messages)
    {
        CheckForControlTokens(messages);
        var full = template.Render(messages, addGenerationPrompt: false);
        var example = new ExampleBuilder(tokenizer);
        var at = 0;
        for (var turn = 0; turn < messages.Count; turn++)
        {
            if (messages[turn].Role != ChatMessage.AssistantRole) continue;
            var before = template.Render([.. messages.Take(turn)], addGenerationPrompt: true);
            var with = template.Render([.. messages.Take(turn + 1)], addGenerationPrompt: false);
            var continues = before.Length >= at && with.StartsWith(before, StringComparison.Ordinal)
                && full.StartsWith(with, StringComparison.Ordinal);
            if (!continues) throw NoPrefix(turn, before, with);
            example.Add(full[at..before.Length], supervised: false);
            example.AddTurn(full[before.Length..with.Length], turn);
            at = with.Length;
        }
        if (at == 0) throw new DatasetException(DatasetErrors.ChatNoAssistant,
            $"The conversation has the roles {string.Join(", ", messages.Select(message => message.Role))}: "
            + "no assistant turn to learn. Filter such rows.");
        example.Add(full[at..], supervised: false);
        return example.Build();
    }

    private void CheckForControlTokens(IReadOnlyList<ChatMessage> messages)
    {
        foreach (var message in messages)
            if (tokenizer.FindControlToken(message.Content) is { } token) throw new DatasetException(DatasetErrors.ChatControlToken,
                $"A {message.Role} message contains the control token {token}, which would end or begin turns inside it. "
                + "Remove it from the text.");
    }

    private static DatasetException NoPrefix(int turn, string before, string with)
    {
        var same = before.AsSpan().CommonPrefixLength(with);
        return new DatasetException(DatasetErrors.ChatNoPrefix,
            $"The template does not render turn {turn} as a continuation of what comes before it: after {same} equal "
            + $"characters the prompt goes on \"{Excerpt(before, same)}\", the conversation \"{Excerpt(with, same)}\". So it "
            + "cannot be told what the model is to learn. If the generation prompt opens <think>, the assistant's content must begin with it as well.");
    }

    private static string Excerpt(string text, int from) =>
        text.Substring(from, Math.Min(30, text.Length - from)).ReplaceLineEndings("\\n");

    private static string FindPrefill(IChatTemplate template)
    {
        IReadOnlyList<ChatMessage> question = [ChatMessage.User("?")];
        var prompt = template.Render(question, addGenerationPrompt: true);
        var turn = template.Render([.. question, ChatMessage.Assistant(Placeholder)], addGenerationPrompt: false);
        var header = turn.IndexOf(Placeholder, StringComparison.Ordinal);
        return header >= 0 && prompt.AsSpan().StartsWith(turn.AsSpan(0, header)) ? prompt[header..] : "";
    }
}
