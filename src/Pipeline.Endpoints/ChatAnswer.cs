namespace Pipeline.Endpoints;

/// <summary>What a model behind an endpoint answered.</summary>
/// <param name="Text">The answer, without what the server counts as reasoning.</param>
/// <param name="Reasoning">What the server took out of the answer as reasoning (<c>reasoning_content</c>); mostly empty.</param>
/// <param name="Tokens">Tokens sampled, by the server's count; 0 if it does not say.</param>
/// <param name="IsTruncated">Whether it met the length limit.</param>
public sealed record ChatAnswer(string Text, string Reasoning, int Tokens, bool IsTruncated);
