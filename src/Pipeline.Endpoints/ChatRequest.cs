using System.Text.Json;
using Pipeline.Protocol.Options;

namespace Pipeline.Endpoints;

/// <summary>One question to a model behind an endpoint.</summary>
/// <param name="Messages">The turns before the answer.</param>
/// <param name="Sampling">How the answer is sampled.</param>
/// <param name="Seed">For the server's random numbers. Few servers promise the same answer again.</param>
public sealed record ChatRequest(IReadOnlyList<ChatTurn> Messages, SamplingOptions Sampling, long Seed)
{
    /// <summary>A JSON Schema that the server is to hold the answer to (<c>response_format</c>). Default none: nothing is sent of it.</summary>
    public JsonElement? AnswerSchema { get; init; }
}
