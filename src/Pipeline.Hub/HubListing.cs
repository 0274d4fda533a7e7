using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace Pipeline.Hub;

/// <summary>Reads the list of a repository's files, page after page.</summary>
internal static partial class HubListing
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web);

    /// <exception cref="HubException">The server has no such repository, does not give it, or cannot be reached.</exception>
    public static async Task<IReadOnlyList<HubFile>> Read(
        HubConnection connection, HubRepository repository, Patience patience, CancellationToken cancellation)
    {
        var files = new List<HubFile>();
        for (var next = repository.ListAddress; next is not null;)
        {
            var (entries, following) = await Page(connection, repository, next, patience, cancellation);
            files.AddRange(entries.Where(entry => entry.Type == "file").Select(entry =>
                new HubFile(Safe(entry.Path), entry.Lfs?.Size ?? entry.Size, entry.Lfs?.Oid ?? entry.Oid)));
            next = following;
        }
        return files;
    }

    private static async Task<(Entry[], string?)> Page(
        HubConnection connection, HubRepository repository, string address, Patience patience, CancellationToken cancellation)
    {
        const string what = "list of files";
        while (true)
        {
            string problem;
            System.Net.Http.Headers.RetryConditionHeaderValue? asked = null;
            try
            {
                using var answer = await connection.Get(address, from: 0, cancellation);
                if (connection.Refusal(answer.StatusCode, repository, what) is { } refusal) throw refusal;
                if (answer.StatusCode == HttpStatusCode.OK)
                {
                    var text = await answer.Content.ReadAsStringAsync(cancellation);
                    return (JsonSerializer.Deserialize<Entry[]>(text, s_json)!, Following(answer));
                }
                problem = $"The {what} of {repository} was answered with {(int)answer.StatusCode}.";
                asked = answer.Headers.RetryAfter;
            }
            catch (JsonException)
            {
                throw new HubException(HubErrors.Unreachable, $"The {what} of {repository} is not what the Hub sends. Is HF_ENDPOINT a mirror of it?");
            }
            catch (Exception error) when (error is HttpRequestException or IOException)
            {
                problem = $"The {what} of {repository} did not come: {error.Message}";
            }
            await patience.AfterFailure(problem, asked, cancellation);
        }
    }

    private static string? Following(HttpResponseMessage answer) =>
        answer.Headers.TryGetValues("Link", out var links) && NextLink().Match(string.Join(", ", links)) is { Success: true } link
            ? link.Groups[1].Value : null;

    /// <summary>A name that leads out of the folder would let a server write where it likes.</summary>
    private static string Safe(string path) =>
        path.Split('/').All(name => name is not ("" or "." or "..") && !name.Contains('\\')) ? path
            : throw new HubException(HubErrors.Damaged, $"The server lists a file named '{path}', which is not a path within a repository.");

    [GeneratedRegex("<([^>]+)>\\s*;\\s*rel=\"next\"")] private static partial Regex NextLink();

    private sealed record Entry(string Type, string Oid, long Size, string Path, [property: JsonPropertyName("lfs")] LargeFile? Lfs);

    private sealed record LargeFile(string Oid, long Size);
}
