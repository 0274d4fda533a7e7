using Pipeline.Datasets.Chat;
using Pipeline.Protocol.Options;

namespace Pipeline.Stages.Endpoints;

/// <summary>One question to a model behind an endpoint.</summary>
/// <param name="Messages">The turns before the answer.</param>
/// <param name="Sampling">How the answer is sampled.</param>
/// <param name="Seed">For the server's random numbers. Few servers promise the same answer again.</param>
public sealed record ChatRequest(IReadOnlyList<ChatMessage> Messages, SamplingOptions Sampling, long Seed);
