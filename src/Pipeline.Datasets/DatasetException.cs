namespace Pipeline.Datasets;

/// <summary>
/// The data a stage was given cannot be used as asked: a column is missing, a character has no token, a chat
/// template uses a construct this library does not know. The message says what was found, where and what to try;
/// starting the stage again with the same input ends the same way.
/// </summary>
public sealed class DatasetException : Exception
{
    /// <param name="code">One of <see cref="DatasetErrors"/>.</param>
    /// <param name="message">What, where, what to try.</param>
    /// <param name="innerException">The library's own error, if there was one.</param>
    public DatasetException(string code, string message, Exception? innerException = null)
        : base(message, innerException) => Code = code;

    /// <summary>Stable, for documentation and tests; one of <see cref="DatasetErrors"/>.</summary>
    public string Code { get; }
}
