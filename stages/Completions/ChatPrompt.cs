using Pipeline.Datasets.Chat;
using Pipeline.Datasets.Parquet.Rows;

namespace Pipeline.Stages.Completions;

/// <summary>A prompt as the model reads it.</summary>
/// <param name="Row">The dataset's row.</param>
/// <param name="Text">Rendered by the chat template, up to where the model goes on. For an endpoint the messages' text.</param>
/// <param name="Ids">[seq]. Its token ids; none for an endpoint.</param>
public sealed record ChatPrompt(PromptRow Row, string Text, int[] Ids)
{
    /// <summary>Writes a row as the model's template and tokenizer do.</summary>
    public static ChatPrompt Of(PromptRow row, ChatEncoder chat)
    {
        var text = chat.RenderPrompt(row.Prompt);
        return new ChatPrompt(row, text, chat.Tokenizer.Encode(text));
    }

    /// <summary>A row for an endpoint, which writes and encodes it by the template and tokenizer of its own model.</summary>
    public static ChatPrompt OfMessages(PromptRow row) => new(row, string.Join("\n\n", row.Prompt.Select(message => message.Content)), []);
}
