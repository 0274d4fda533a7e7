namespace Pipeline.Training;

/// <summary>
/// What the user can mend: a model folder of another shape, a torn file, a full disk. The message says what was
/// found, where, and what to try; <see cref="Code"/> is stable, for documentation and tests.
/// </summary>
/// <param name="code">One of <see cref="TrainingErrors"/>.</param>
/// <param name="message">For a person.</param>
/// <param name="inner">What was caught, if anything.</param>
public sealed class TrainingException(string code, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>One of <see cref="TrainingErrors"/>.</summary>
    public string Code { get; } = code;
}
