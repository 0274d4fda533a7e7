using Pipeline.Datasets.Chat;
using Pipeline.Datasets.Parquet.Rows;
using Pipeline.Protocol.Options;
using Pipeline.Stages.GenerateData.Everyday;
using Pipeline.Stages.GenerateData.Sums;

namespace Pipeline.Stages.GenerateData;

/// <summary>
/// The base model's corpus: text as found in the wild, so that pure RL has something to pick from and something to get
/// wrong. A trace may mix languages, repeat itself, be wrong, or notice an error and correct it, in stated shares.
/// </summary>
internal sealed class Corpus(SumProblems problems, CorpusShares shares, IChatTemplate template)
{
    /// <summary>One document, without the token that ends it: packing puts one between documents.</summary>
    public TextRow Next(Random random)
    {
        if (random.NextDouble() < shares.General) return Document(EverydayRequest(random));
        var problem = problems.ForTraining(random);
        var trace = Trace(problem, random);
        var text = random.NextDouble() < shares.WithoutFormat ? trace.Untagged : trace.Tagged;
        return Document([ChatMessage.User(problem.Prompt), ChatMessage.Assistant(text)]);
    }

    private SumTrace Trace(SumProblem problem, Random random)
    {
        var pick = random.NextDouble();
        if ((pick -= shares.Mixed) < 0) return SumTrace.Mixed(problem, random);
        if ((pick -= shares.Repetitive) < 0) return SumTrace.Repetitive(problem, random);
        if ((pick -= shares.Wrong) < 0) return SumTrace.Wrong(problem, random);
        if (pick - shares.SelfCorrecting < 0) return SumTrace.SelfCorrecting(problem, random);
        return SumTrace.Clean(problem);
    }

    /// <summary>The base has seen good and bad manners alike.</summary>
    private static ChatMessage[] EverydayRequest(Random random)
    {
        var request = random.Next(4) == 0 ? Requests.Safety(random) : Requests.General(random);
        return [ChatMessage.User(request.Prompt), ChatMessage.Assistant(random.Next(2) == 0 ? request.Good : request.Bad)];
    }

    private TextRow Document(IReadOnlyList<ChatMessage> messages)
    {
        var text = template.Render(messages, addGenerationPrompt: false);
        return new TextRow(text.EndsWith(MiniatureTemplate.End, StringComparison.Ordinal) ? text[..^MiniatureTemplate.End.Length] : text);
    }
}
