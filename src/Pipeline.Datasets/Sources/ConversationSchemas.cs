using Pipeline.Datasets.Chat;
using Pipeline.Datasets.Parquet.Rows;

namespace Pipeline.Datasets.Sources;

/// <summary>Conversations to imitate: TRL, open-r1 (Mixture-of-Thoughts), open-instruct (Tülu 3); with from and value as ShareGPT has them.</summary>
internal sealed class MessagesSchema : ISourceSchema<SftRow>
{
    public string Name => "messages";
    public string Summary => "messages or conversations (TRL, open-r1, open-instruct, ShareGPT)";
    public string Becomes => "conversations";

    public bool Fits(RowFields row) => row.HasAll("messages") || row.HasAll("conversations");

    public SftRow Convert(RowFields row, RowOrigin origin)
    {
        var column = row.HasAll("messages") ? "messages" : "conversations";
        return new SftRow(Turns.ToLearn(row.Messages(column, ChatMessage.UserRole), column), row.OptionalText("language"), row.OptionalText("source") ?? origin.Source);
    }
}

/// <summary>A prompt and the completion to imitate, each a text or turns.</summary>
internal sealed class TrlCompletionSchema : ISourceSchema<SftRow>
{
    public string Name => "trl-completion";
    public string Summary => "prompt, completion (TRL's prompt-completion)";
    public string Becomes => "conversations";

    public bool Fits(RowFields row) => row.HasAll("prompt", "completion");

    public SftRow Convert(RowFields row, RowOrigin origin)
    {
        var prompt = Turns.ToAnswer(row.Messages("prompt", ChatMessage.UserRole), "prompt");
        var completion = Turns.ToLearn(row.Messages("completion", ChatMessage.AssistantRole), "completion");
        return new SftRow([.. prompt, .. completion], row.OptionalText("language"), row.OptionalText("source") ?? origin.Source);
    }
}

/// <summary>Documents to pretrain on.</summary>
internal sealed class TextSchema : ISourceSchema<TextRow>
{
    public string Name => "text";
    public string Summary => "text (TRL's language modelling)";
    public string Becomes => "text";

    public bool Fits(RowFields row) => row.HasAll("text");

    public TextRow Convert(RowFields row, RowOrigin origin) => new(row.Text("text"));
}
