namespace Pipeline.Stages.Loop;

/// <summary>Optimizer steps that were left out because loss or gradient was not a finite number.</summary>
/// <param name="Total">Since training began.</param>
/// <param name="InARow">Since the last one that was taken.</param>
public sealed record SkippedSteps(int Total = 0, int InARow = 0);
