namespace Pipeline.Server;

/// <summary>The dashboard cannot be served; the message says what was found and what to try.</summary>
/// <param name="code">Stable code, see <see cref="ServerErrors"/>.</param>
/// <param name="message">What was found, where, what to try.</param>
/// <param name="inner">What was behind it.</param>
public sealed class ServerException(string code, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Stable code.</summary>
    public string Code { get; } = code;
}

/// <summary>Stable codes of the errors that a user meets at the server.</summary>
public static class ServerErrors
{
    /// <summary>Another program listens on the port that was asked for.</summary>
    public const string PortTaken = "PORT_TAKEN";

    /// <summary>A link below the state folder; what it points to is not shown.</summary>
    public const string LinkRefused = "LINK_REFUSED";

    /// <summary>The run has no such stage, attempt or step.</summary>
    public const string NotFound = "NOT_FOUND";

    /// <summary>Another site made the browser send a request that changes something.</summary>
    public const string ForeignRequest = "FOREIGN_REQUEST";

    /// <summary>A request to a server with tokens bears none, or a wrong one.</summary>
    public const string TokenMissing = "TOKEN_MISSING";

    /// <summary>A token that may look was used to change something.</summary>
    public const string RoleTooLow = "ROLE_TOO_LOW";

    /// <summary>An address tried so many wrong tokens that it is not listened to for a while.</summary>
    public const string TooManyGuesses = "TOO_MANY_GUESSES";

    /// <summary>A token file cannot be used, or a token is too short.</summary>
    public const string TokensInvalid = "TOKENS_INVALID";

    /// <summary>A number in the query makes no sense.</summary>
    public const string QueryInvalid = "QUERY_INVALID";

    /// <summary>An error of the server itself.</summary>
    public const string Internal = "INTERNAL";
}
