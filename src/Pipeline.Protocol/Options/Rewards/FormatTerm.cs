using System.Text.Json.Serialization;

namespace Pipeline.Protocol.Options;

/// <summary>1 if the completion has the expected form, else 0.</summary>
public sealed record FormatTerm : RewardTermOptions
{
    /// <summary>The form. Default <c>r1-zero</c>.</summary>
    public FormatProfile Profile { get; init; } = FormatProfile.R1Zero;

    /// <summary>A regular expression that the whole completion must match, in place of the profile. Default none.</summary>
    public string? Pattern { get; init; }
}

/// <summary>The form a completion is expected to have.</summary>
public enum FormatProfile
{
    /// <summary><c>&lt;think&gt;…&lt;/think&gt;&lt;answer&gt;…&lt;/answer&gt;</c>.</summary>
    [JsonStringEnumMemberName("r1-zero")] R1Zero,

    /// <summary><c>&lt;think&gt;…&lt;/think&gt;</c> and then an answer in free form.</summary>
    R1,
}
