using Microsoft.AspNetCore.Http.HttpResults;
using Pipeline.Server.Http;

namespace Pipeline.Server.Access;

/// <summary>A browser signs in: it gives its token once, in a body, and from then on its cookie bears it.</summary>
internal static class SessionEndpoints
{
    /// <summary>Name of the cookie.</summary>
    public const string Cookie = "pipeline-token";

    /// <summary>Where to sign in and out.</summary>
    public const string Path = "/api/v1/session";

    public static void MapSession(this IEndpointRouteBuilder routes)
    {
        var session = routes.MapGroup("/session").AddEndpointFilter<SameOrigin>();
        session.MapPost("", Begin).WithSummary("Signs a browser in: sets a cookie that no script can read and no other site can make it send.");
        session.MapPost("/end", End).WithSummary("Signs a browser out.");
    }

    private static NoContent Begin(HttpContext context, SignIn given, AccessTokens tokens, GuessLimit guesses, ILogger<SignIn> log)
    {
        if (AccessGate.Find(given.Token.Trim(), context, tokens, guesses, log) is null)
            throw new ServerException(ServerErrors.TokenMissing, "This is not a token of this server. `pipeline token` on its machine makes one.");
        context.Response.Cookies.Append(Cookie, given.Token.Trim(), Options(context));
        return TypedResults.NoContent();
    }

    private static NoContent End(HttpContext context)
    {
        context.Response.Cookies.Delete(Cookie, Options(context));
        return TypedResults.NoContent();
    }

    private static CookieOptions Options(HttpContext context) => new()
    {
        HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = context.Request.IsHttps, Path = "/", IsEssential = true, MaxAge = TimeSpan.FromDays(30),
    };
}

/// <summary>What a browser signs in with.</summary>
/// <param name="Token">The token.</param>
internal sealed record SignIn(string Token);
