using System.Text.Json;
using Pipeline.Protocol;
using Pipeline.Protocol.Options;
using Pipeline.Rewards;
using Pipeline.Stages.Hosting;

namespace Pipeline.Stages.Grpo;

/// <summary>Looks, before anything is sampled, whether a completion can have the form that the reward asks for, after what the template has written of it.</summary>
internal static class FormatCheck
{
    private const string Ideal = "<think>x</think><answer>x</answer>";

    /// <param name="rewards">The terms; patterns of one's own are not looked at.</param>
    /// <param name="prefill">What the template writes of every completion.</param>
    /// <exception cref="ConfigException">No completion could have the form.</exception>
    public static void Require(IReadOnlyList<RewardTerm> rewards, string prefill)
    {
        foreach (var profile in rewards.Where(term => term.Format is { Pattern: null }).Select(term => term.Format!.Profile))
        {
            // The model may go on anywhere in the form: each end of an ideal completion is tried.
            if (Enumerable.Range(0, Ideal.Length).Any(from => Format.Of(profile).Holds(prefill + Ideal[from..]))) continue;
            throw new ConfigException(StageErrors.FormatImpossible,
                $"The reward format asks for the form {JsonSerializer.Serialize(profile, ProtocolJson.Line).Trim('"')}, but the chat template begins every completion with \"{prefill.ReplaceLineEndings("\\n")}\", after "
                + "which none can have it. Choose another profile, or a pattern, or a template that leaves the beginning to the model.");
        }
    }
}
