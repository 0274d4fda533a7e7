using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using Pipeline.Datasets;
using Pipeline.Datasets.Parquet;
using Pipeline.Datasets.Parquet.Rows;

namespace Pipeline.Server.Rollouts;

/// <summary>
/// Reads a file of completions that a person hands over: Parquet as TRL and we write it, or JSON lines as verl does
/// (<c>input</c>, <c>output</c>, <c>score</c>, <c>step</c>, <c>gts</c>, and further numbers as rewards).
/// </summary>
internal static class ForeignRollouts
{
    /// <summary>What the request must say it sends. A form of another site cannot, so a browser asks us first, and is refused.</summary>
    public const string ContentType = "application/octet-stream";

    private const int MostBytes = 256 * 1024 * 1024;
    private static readonly string[] s_fields = ["input", "output", "score", "step", "gts"];

    /// <summary>The rows of the file in the body.</summary>
    /// <exception cref="ServerException">It is not sent as <see cref="ContentType"/>, or is too large.</exception>
    /// <exception cref="DatasetException">It is neither.</exception>
    public static async Task<IReadOnlyList<RolloutRow>> Read(HttpRequest request)
    {
        if (request.ContentType != ContentType)
            throw new ServerException(ServerErrors.QueryInvalid, $"Send the file as {ContentType}, not as '{request.ContentType}'.");
        request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>()!.MaxRequestBodySize = MostBytes;
        var file = Path.Combine(Path.GetTempPath(), $"pipeline-rollouts-{Guid.NewGuid():N}");
        try
        {
            await using (var copy = File.Create(file)) await request.Body.CopyToAsync(copy, request.HttpContext.RequestAborted);
            return IsParquet(file) ? Dataset.Read<RolloutRow>(file) : OfVerl(file);
        }
        finally { File.Delete(file); }
    }

    private static bool IsParquet(string file)
    {
        using var stream = File.OpenRead(file);
        Span<byte> start = stackalloc byte[4];
        return stream.ReadAtLeast(start, 4, throwOnEndOfStream: false) == 4 && start.SequenceEqual("PAR1"u8);
    }

    /// <summary>The rows of a file as verl writes it.</summary>
    /// <exception cref="DatasetException">It is none.</exception>
    public static IReadOnlyList<RolloutRow> OfVerl(string file)
    {
        var rows = new List<RolloutRow>();
        foreach (var (number, line) in File.ReadLines(file).Index())
        {
            if (string.IsNullOrWhiteSpace(line)) continue;
            try
            {
                using var json = JsonDocument.Parse(line);
                rows.Add(Row(json.RootElement, rows.LastOrDefault()));
            }
            catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
            {
                throw new DatasetException(DatasetErrors.Unreadable,
                    $"Line {number + 1} is not a completion as verl writes it, with input, output, score and step ({error.Message}). The file is not Parquet either.");
            }
        }
        return rows.Count > 0 ? rows : throw new DatasetException(DatasetErrors.Empty, "The file holds no completions.");
    }

    private static RolloutRow Row(JsonElement line, RolloutRow? before)
    {
        var prompt = line.GetProperty("input").GetString()!;
        var step = line.TryGetProperty("step", out var number) ? number.GetInt64() : 0;
        var sameGroup = before is not null && before.Prompt == prompt && before.Step == step;
        return new RolloutRow
        {
            Step = step,
            PromptId = ProblemId.Of(prompt),
            Group = before is null ? 0 : sameGroup ? before.Group : before.Group + 1,
            Prompt = prompt,
            Completion = line.GetProperty("output").GetString()!,
            Length = 0,
            StopReason = "",
            Reward = line.GetProperty("score").GetDouble(),
            Advantage = double.NaN,
            GroundTruth = line.TryGetProperty("gts", out var truth) ? truth.ToString() : null,
            Rewards = line.EnumerateObject()
                .Where(field => field.Value.ValueKind == JsonValueKind.Number && !s_fields.Contains(field.Name))
                .ToDictionary(field => field.Name, field => field.Value.GetDouble()),
        };
    }
}
