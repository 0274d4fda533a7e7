using Pipeline.Datasets;
using Pipeline.Datasets.Chat;
using Pipeline.Datasets.Parquet;
using Pipeline.Datasets.Parquet.Rows;
using Pipeline.Datasets.Tokenization;
using Pipeline.Protocol.Options;
using Pipeline.Stages.GenerateData.Everyday;
using Pipeline.Stages.GenerateData.Sums;
using Pipeline.Stages.Hosting;

namespace Pipeline.Stages.GenerateData;

/// <summary>
/// <c>generate_data</c>: the data of the miniature, all of it from the seed. Sums with written steps in two languages, and
/// a few everyday requests. See README.md in this folder.
/// </summary>
public static class GenerateDataStage
{
    /// <summary>Writes every output that the job asks for.</summary>
    public static StageOutcome Run(StageContext stage)
    {
        var options = stage.Options<GenerateDataOptions>();
        if (options.MinTerms > options.MaxTerms) throw new ConfigException(StageErrors.OptionInvalid,
            $"min_terms is {options.MinTerms} and max_terms {options.MaxTerms}; the fewest cannot be more than the most.");
        var problems = new SumProblems(options.MinTerms, options.MaxTerms, options.HeldOut);

        // Each output has random numbers of its own: asking for more of one changes no other.
        var seed = stage.Seed;
        Random Randomness(string output) => new(HashOf(output, seed));

        stage.Heartbeat.Enter("writing");
        stage.Outputs.Write("tokenizer", folder =>
        {
            CharacterTokenizer.Create(folder, MiniatureTemplate.Alphabet, MiniatureTemplate.Tokens, MiniatureTemplate.Jinja);
            return 0;
        });

        Write("corpus", options.CorpusRows, new Corpus(problems, options.Corpus, MiniatureTemplate.Chat).Next);
        WriteNumbered("prompts", options.PromptRows, (random, row) => problems.ForTraining(random).ToPrompt(row, "train"));
        Write("cold_start", options.ColdStartRows, random => ColdStart(problems.ForTraining(random)));
        Write("general", options.GeneralRows, random => AnyRequest(random).ToSft());
        WriteNumbered("general_prompts", options.GeneralRows, (random, row) => AnyRequest(random).ToPrompt(row));
        Write("helpfulness", options.PreferenceRows, random => Requests.General(random).ToPair());
        Write("safety", options.PreferenceRows, random => Labelled(Requests.Safety(random), label: random.Next(2) == 0));
        if (stage.Outputs.Asks("evaluation"))
        {
            var heldOut = problems.ForEvaluation(options.EvaluationRows, Randomness("evaluation"));
            stage.Outputs.Write("evaluation", folder => Dataset.Write(folder, heldOut.Select((problem, row) => problem.ToPrompt(row, "test"))));
        }
        return stage.Finish([]);

        void Write<TRow>(string output, int rows, Func<Random, TRow> next) where TRow : IDatasetRow<TRow> =>
            WriteNumbered(output, rows, (random, _) => next(random));

        void WriteNumbered<TRow>(string output, int rows, Func<Random, int, TRow> next) where TRow : IDatasetRow<TRow>
        {
            if (!stage.Outputs.Asks(output)) return;
            var random = Randomness(output);
            stage.Outputs.Write(output, folder => Dataset.Write(folder, Enumerable.Range(0, rows).Select(row => next(random, row))));
        }
    }

    /// <summary>A clean trace, in place of the long chains of thought that people refined for the paper's cold start.</summary>
    private static SftRow ColdStart(SumProblem problem) =>
        new([ChatMessage.User(problem.Prompt), ChatMessage.Assistant(SumTrace.Clean(problem).Tagged)], problem.Phrases.Language, "cold_start");

    private static Request AnyRequest(Random random) => random.Next(4) == 0 ? Requests.Safety(random) : Requests.General(random);

    private static PointwiseRow Labelled(Request request, bool label) =>
        new(request.Messages, label ? request.Good : request.Bad, label);

    /// <summary>Of the name, then the seed: the same on every machine, unlike GetHashCode.</summary>
    private static int HashOf(string name, ulong seed)
    {
        var hash = name.Aggregate(StableHash.Empty, (hash, character) => StableHash.Add(hash, character));
        return (int)(StableHash.Add(hash, seed) >> 33);
    }
}
