namespace Pipeline.Training.Models;

/// <summary>What stands on top of the decoder; the end of the name in <c>architectures</c>.</summary>
public enum ModelHead
{
    /// <summary>Scores over the vocabulary: <c>*ForCausalLM</c>.</summary>
    LanguageModel,

    /// <summary>One score for the whole row: <c>*ForSequenceClassification</c> with <c>num_labels</c> 1.</summary>
    SequenceClassifier,
}
