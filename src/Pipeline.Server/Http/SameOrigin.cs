namespace Pipeline.Server.Http;

/// <summary>
/// Lets a request that changes something through only if no other site can have made the browser send it: its body is
/// JSON, which a foreign page cannot send without asking first (and nobody here answers that), and where the browser says
/// which page it comes from, that page is ours.
/// </summary>
internal sealed class SameOrigin : IEndpointFilter
{
    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var request = context.HttpContext.Request;
        if (!request.HasJsonContentType()) throw Refused("its body is not application/json");
        // A proxy may speak TLS for us: the page is https then, and we are not.
        if (request.Headers.Origin is [{ } origin, ..] && origin != $"http://{request.Host}" && origin != $"https://{request.Host}") throw Refused($"it comes from {origin}");
        if (request.Headers["Sec-Fetch-Site"] is [{ } site, ..] && site is not ("same-origin" or "none")) throw Refused($"it comes from another site ({site})");
        return next(context);
    }

    private static ServerException Refused(string found) => new(
        ServerErrors.ForeignRequest, $"The request was refused: {found}. Only this server's own pages and programs of this machine may change something.");
}
