using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Pipeline.Rewards.Judges;

/// <summary>What a judge answers. Reasons come first, so that the verdict follows from them and not they from it.</summary>
internal interface IVerdict
{
    /// <summary>0 to 1; for the answer that was asked about, or of two the first.</summary>
    double Value { get; }
}

/// <summary>A mark.</summary>
/// <param name="Reasons">What is good and what is wrong.</param>
/// <param name="Score">1 to 10.</param>
internal sealed record Mark(string Reasons, [property: Range(1, 10)] int Score) : IVerdict
{
    [JsonIgnore] public double Value => (Score - 1) / 9.0;
}

/// <summary>A choice.</summary>
/// <param name="Reasons">How the two differ.</param>
/// <param name="Winner">The better one.</param>
internal sealed record Preference(string Reasons, Winner Winner) : IVerdict
{
    [JsonIgnore] public double Value => Winner switch { Winner.First => 1, Winner.Second => 0, _ => 0.5 };
}

/// <summary>The better of two answers.</summary>
internal enum Winner
{
    First,
    Second,
    Neither,
}
