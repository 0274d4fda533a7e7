using System.Net;
using System.Net.Http.Headers;

namespace Pipeline.Hub;

/// <summary>Asks the server, or a mirror, and explains its refusals.</summary>
/// <param name="http">Follows no redirection by itself: a token must not follow one to another host.</param>
/// <param name="settings">Where, and with which token.</param>
internal sealed class HubConnection(HttpClient http, HubSettings settings)
{
    private const int MostRedirections = 8;

    /// <summary>The answer to a GET, its body not yet read.</summary>
    /// <param name="address">Absolute, or below the endpoint.</param>
    /// <param name="from">First byte that is wanted.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="HttpRequestException">No answer.</exception>
    public async Task<HttpResponseMessage> Get(string address, long from, CancellationToken cancellation)
    {
        var target = new Uri(settings.Endpoint, address);
        for (var hop = 0; ; hop++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, target);
            if (from > 0) request.Headers.Range = new RangeHeaderValue(from, null);
            if (settings.Token is { } token && IsOurs(target)) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            if ((int)answer.StatusCode is not (301 or 302 or 303 or 307 or 308) || answer.Headers.Location is not { } location) return answer;
            answer.Dispose();
            if (hop == MostRedirections) throw new HubException(HubErrors.Unreachable, $"{settings.Endpoint} sends in circles for {address}.");
            target = new Uri(target, location);
        }
    }

    private bool IsOurs(Uri target) =>
        target.Scheme == settings.Endpoint.Scheme && target.Authority == settings.Endpoint.Authority;

    /// <summary>What a refusal means; null if the answer is none.</summary>
    public HubException? Refusal(HttpStatusCode status, HubRepository repository, string what) => status switch
    {
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new(HubErrors.Denied, settings.Token is null
            ? $"{settings.Endpoint.Host} does not give {what} of {repository} without a token ({(int)status}). If the name is right, accept the licence at {Page(repository)} and set HF_TOKEN."
            : $"{settings.Endpoint.Host} does not give {what} of {repository} to the token in HF_TOKEN ({(int)status}). Accept the licence at {Page(repository)}, or use a token that may read it."),
        HttpStatusCode.NotFound => new(HubErrors.NotFound,
            $"{settings.Endpoint.Host} has no {what} of {repository.Name} at revision {repository.Revision}. Look at {Page(repository)} for the name and its commits."),
        >= HttpStatusCode.BadRequest when !Patience.MayPass(status) =>
            new(HubErrors.Unreachable, $"{settings.Endpoint.Host} answered {(int)status} when asked for {what} of {repository}."),
        _ => null,
    };

    private Uri Page(HubRepository repository) => new(settings.Endpoint, repository.PageAddress);
}
