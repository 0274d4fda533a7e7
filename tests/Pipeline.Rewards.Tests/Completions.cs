namespace Pipeline.Rewards.Tests;

/// <summary>Inputs in one line.</summary>
internal static class Completions
{
    public static RewardInput Of(string completion, string? truth = null, string? language = null, int length = 0, string prefill = "") =>
        new() { Prompt = "?", Completion = completion, Prefill = prefill, GroundTruth = truth, Language = language, Length = length };
}
