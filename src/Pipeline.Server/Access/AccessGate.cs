using System.Net;
using Microsoft.AspNetCore.Http.Extensions;

namespace Pipeline.Server.Access;

/// <summary>
/// Asks every request for a token: <c>Authorization: Bearer</c> from programs, a cookie from browsers, whose event streams
/// can send nothing else. Never the address, which ends in logs and histories. Open are the page where one signs in, the styles
/// and scripts (they are the same for all the world), and whether the server lives.
/// </summary>
internal sealed class AccessGate(RequestDelegate next, AccessTokens tokens, GuessLimit guesses, ILogger<AccessGate> log)
{
    /// <summary>The page with the form.</summary>
    public const string SignIn = "/sign-in";

    private const string Scheme = "Bearer ";
    private static readonly string[] Open = ["/css", "/js", "/favicon.svg", "/healthz", SignIn, SessionEndpoints.Path];

    public Task Invoke(HttpContext context)
    {
        var request = context.Request;
        if (Open.Any(open => request.Path.StartsWithSegments(open, StringComparison.Ordinal))) return next(context);
        var token = Presented(request);
        if (token is null) return Refuse(context);
        if (Find(token, context) is not { } known) return Refuse(context);
        if (known.Role < AccessRole.Operate && !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method))
            throw new ServerException(ServerErrors.RoleTooLow, "This token may look and nothing more. Sign in with one whose role is operate.");
        context.Items[typeof(AccessToken)] = known;
        return next(context);
    }

    /// <summary>The token of the request that <see cref="AccessGate"/> let through; null where none is asked for.</summary>
    public static AccessToken? TokenOf(HttpContext context) => context.Items[typeof(AccessToken)] as AccessToken;

    /// <summary>Whose a token is; null for a wrong one, of which note is taken.</summary>
    /// <exception cref="ServerException"><see cref="ServerErrors.TooManyGuesses"/>.</exception>
    public static AccessToken? Find(string token, HttpContext context, AccessTokens tokens, GuessLimit guesses, ILogger log)
    {
        var address = context.Connection.RemoteIpAddress ?? IPAddress.None;
        if (!guesses.Listens(address))
        {
            context.Response.Headers.RetryAfter = $"{GuessLimit.Pause.TotalSeconds:0}";
            throw new ServerException(ServerErrors.TooManyGuesses, $"{address} sent {GuessLimit.WrongTokens} wrong tokens. Wait a minute.");
        }
        if (tokens.Find(token) is { } known) return known;
        guesses.Wrong(address);
        log.LogWarning("Wrong token from {Address}", address);
        return null;
    }

    private AccessToken? Find(string token, HttpContext context) => Find(token, context, tokens, guesses, log);

    private static string? Presented(HttpRequest request) =>
        request.Headers.Authorization is [{ } header] && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            ? header[Scheme.Length..].Trim()
            : request.Cookies[SessionEndpoints.Cookie];

    private static Task Refuse(HttpContext context)
    {
        var wantsPage = HttpMethods.IsGet(context.Request.Method) && context.Request.GetTypedHeaders().Accept.Any(type => type.MediaType.Value == "text/html");
        if (wantsPage)
        {
            context.Response.Redirect($"{SignIn}?next={Uri.EscapeDataString(context.Request.GetEncodedPathAndQuery())}");
            return Task.CompletedTask;
        }
        context.Response.Headers.WWWAuthenticate = "Bearer";
        throw new ServerException(ServerErrors.TokenMissing, "This server asks for a token: send `Authorization: Bearer TOKEN`, or sign in at /sign-in.");
    }
}
