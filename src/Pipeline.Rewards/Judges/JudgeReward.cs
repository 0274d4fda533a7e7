using System.Collections.Concurrent;
using System.Text.Json;
using Pipeline.Endpoints;
using Pipeline.Protocol.Options;

namespace Pipeline.Rewards.Judges;

/// <summary>
/// Asks a language model behind an endpoint what it thinks of a completion, by itself or against the reference answer, and takes only a
/// verdict of the schema for one. Each question is put once: equal texts get equal scores.
/// </summary>
public sealed class JudgeReward : IReward, IAsyncDisposable
{
    private const int MostRemembered = 1 << 16;

    /// <param name="Value">The verdict; null if there is none.</param>
    /// <param name="Bad">Answers that were not of the schema.</param>
    /// <param name="IsLate">Whether the judge took too long.</param>
    private readonly record struct Asked(double? Value, int Bad = 0, bool IsLate = false);

    private readonly JudgeTerm _options;
    private readonly ChatEndpoint _endpoint;
    private readonly JudgeTemplate _template;
    private readonly Func<string, IVerdict?> _read;
    private readonly JsonElement _schema;
    private readonly ConcurrentDictionary<string, double> _known = new();

    /// <param name="name">The reward's name.</param>
    /// <param name="options">The judge, and what it is told.</param>
    /// <exception cref="RewardException">The template cannot be used, or the key's variable is not set.</exception>
    public JudgeReward(string name, JudgeTerm options)
    {
        (Name, _options) = (name, options);
        if (options.Mode == JudgeMode.Pairwise)
        {
            _template = new JudgeTemplate(options.Template ?? EmbeddedText.Read("pairwise.md"), ["prompt", "first", "second"]);
            (_read, _schema) = (VerdictReader.Read<Preference>, VerdictReader.SchemaOf<Preference>());
        }
        else
        {
            _template = new JudgeTemplate(options.Template ?? EmbeddedText.Read("pointwise.md"), ["prompt", "answer"], "reference");
            (_read, _schema) = (VerdictReader.Read<Mark>, VerdictReader.SchemaOf<Mark>());
        }
        try
        {
            _endpoint = new ChatEndpoint(options.Endpoint);
        }
        catch (EndpointException error)
        {
            throw Failed(error);
        }
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    /// <exception cref="RewardException">The server refuses, or failed as often as it may.</exception>
    public async ValueTask<IReadOnlyList<RewardScore>> ScoreAsync(IReadOnlyList<RewardInput> inputs, CancellationToken cancellation)
    {
        var questions = inputs.Select(QuestionsOf).ToList();
        var different = questions.SelectMany(own => own).Distinct().ToList();
        var asked = await Task.WhenAll(different.Select(question => AskAsync(question, cancellation)));
        var answers = different.Zip(asked).ToDictionary(pair => pair.First, pair => pair.Second);
        var counted = new HashSet<string>(); // the bad answers to a question that two completions share are counted once
        return [.. inputs.Zip(questions, (input, own) => Score(input, own, [.. own.Select(question => answers[question] with
        {
            Bad = counted.Add(question) ? answers[question].Bad : 0,
        })]))];
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _endpoint.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>One question, or one for each order; none where there is nothing to judge.</summary>
    private string[] QuestionsOf(RewardInput input)
    {
        var (answer, reference) = (AnswerOf(input), input.GroundTruth ?? "");
        if (answer.Length == 0) return [];
        if (_options.Mode == JudgeMode.Pointwise) return [Question(("answer", answer), ("reference", reference))];
        return reference.Length == 0 ? [] : [Question(("first", answer), ("second", reference)), Question(("first", reference), ("second", answer))];

        string Question(params (string Name, string Text)[] parts) =>
            _template.Fill(parts.Append(("prompt", input.Request)).ToDictionary(part => part.Item1, part => part.Item2));
    }

    private RewardScore Score(RewardInput input, string[] questions, Asked[] asked)
    {
        if (_options.Mode == JudgeMode.Pairwise && string.IsNullOrEmpty(input.GroundTruth)) return RewardScore.NotApplicable;
        if (questions.Length == 0) return new RewardScore(0); // a chain of thought that was cut off answers nothing
        var bad = asked.Sum(one => one.Bad);
        if (asked.Any(one => one.IsLate)) return RewardScore.TimedOut with { BadAnswers = bad };
        if (asked.Any(one => one.Value is null)) return new RewardScore(double.NaN, RewardOutcome.NoVerdict) { BadAnswers = bad };
        // In the second order the answer stands second, so what speaks for the first speaks against it.
        return new RewardScore(asked.Select((one, order) => order == 0 ? one.Value!.Value : 1 - one.Value!.Value).Average()) { BadAnswers = bad };
    }

    private async Task<Asked> AskAsync(string question, CancellationToken cancellation)
    {
        if (_known.TryGetValue(question, out var known)) return new Asked(known);
        for (var bad = 0; bad <= _options.BadAnswerRetries; bad++)
        {
            try
            {
                // Another seed, since the same may well give the same bad answer again.
                var request = new ChatRequest([ChatTurn.User(question)], _options.Sampling, Seed: bad) { AnswerSchema = _options.ConstrainAnswer ? _schema : null };
                if (_read((await _endpoint.AskAsync(request, cancellation)).Text) is not { } verdict) continue;
                if (_known.Count >= MostRemembered) _known.Clear();
                _known[question] = verdict.Value;
                return new Asked(verdict.Value, bad);
            }
            catch (EndpointException error) when (error.Code == EndpointException.TimedOut)
            {
                return new Asked(null, bad, IsLate: true);
            }
            catch (EndpointException error)
            {
                throw Failed(error);
            }
        }
        return new Asked(null, _options.BadAnswerRetries + 1);
    }

    private string AnswerOf(RewardInput input) => (_options.Scores == ScoredPart.Summary ? Thinking.After(input.Text) : input.Text).Trim();

    private RewardException Failed(EndpointException error) => new(
        error.Code == EndpointException.Refused ? RewardException.Refused : RewardException.Endpoint, $"The reward '{Name}' cannot be used: {error.Message}", error);
}
