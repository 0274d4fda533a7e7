namespace Pipeline.Spec.Estimates;

/// <summary>What is known of artifacts that are there already, by path.</summary>
/// <param name="Datasets">Datasets.</param>
/// <param name="Models">Models.</param>
public sealed record KnownInputs(IReadOnlyDictionary<string, DatasetFacts> Datasets, IReadOnlyDictionary<string, ModelSize> Models)
{
    /// <summary>Nothing.</summary>
    public static KnownInputs None { get; } = new(new Dictionary<string, DatasetFacts>(), new Dictionary<string, ModelSize>());
}

/// <summary>What is known of a dataset.</summary>
/// <param name="Rows">Its rows.</param>
/// <param name="MeanTokens">Tokens of a row as the stage reads it, on the average of the rows looked at; null without a tokenizer.</param>
public sealed record DatasetFacts(long Rows, double? MeanTokens);
