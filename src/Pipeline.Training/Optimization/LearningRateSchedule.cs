namespace Pipeline.Training.Optimization;

/// <summary>How the learning rate falls after warm-up.</summary>
public enum ScheduleShape
{
    /// <summary>Not at all.</summary>
    Constant,

    /// <summary>In a straight line.</summary>
    Linear,

    /// <summary>Along half a cosine: slowly, fast, slowly.</summary>
    Cosine,
}

/// <summary>The learning rate of each step: a straight rise over the warm-up, then a fall that ends with the last step.</summary>
/// <param name="Shape">Of the fall.</param>
/// <param name="Peak">Highest rate, reached with the last step of the warm-up.</param>
/// <param name="TotalSteps">Steps of the whole training.</param>
/// <param name="WarmupSteps">Steps of the rise. Default 0.</param>
/// <param name="MinRatio">Share of <paramref name="Peak"/> that the fall ends at. Default 0.</param>
public sealed record LearningRateSchedule(ScheduleShape Shape, double Peak, int TotalSteps, int WarmupSteps = 0, double MinRatio = 0)
{
    /// <summary>The rate of a step; steps are counted from 0, and the first one already learns.</summary>
    public double At(int step)
    {
        if (step < WarmupSteps) return Peak * (step + 1) / WarmupSteps;
        var progress = Math.Clamp((double)(step - WarmupSteps) / Math.Max(TotalSteps - WarmupSteps, 1), 0, 1);
        var share = Shape switch
        {
            ScheduleShape.Linear => 1 - progress,
            ScheduleShape.Cosine => 0.5 * (1 + Math.Cos(Math.PI * progress)),
            _ => 1,
        };
        return Peak * (MinRatio + (1 - MinRatio) * share);
    }
}
