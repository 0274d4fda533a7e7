namespace Pipeline.Protocol.Options;

/// <summary>A quarter for each of <c>&lt;think&gt;</c>, <c>&lt;/think&gt;</c>, <c>&lt;answer&gt;</c>, <c>&lt;/answer&gt;</c> that occurs exactly once (Open-R1).</summary>
public sealed record TagCountTerm : RewardTermOptions;
