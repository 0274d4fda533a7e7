using Pipeline.Rewards.Statistics;
using Pipeline.Stages.Hosting;

namespace Pipeline.Stages.Preferences;

/// <summary>How often held-out rows are judged right, for the result.</summary>
internal static class HeldOutAccuracy
{
    /// <summary>Accuracy on the rows that were held out, with its 95 % interval by Wilson: each row is one verdict.</summary>
    public static IEnumerable<KeyValuePair<string, double>> Of(StageContext stage, IReadOnlyCollection<bool> verdicts)
    {
        if (verdicts.Count == 0)
        {
            stage.Events.Warn(0, "NOTHING_HELD_OUT", "No row was held out, so the model's accuracy is not known. Raise held_out or give more rows.");
            return [];
        }
        var interval = Wilson.Of(verdicts.Count(isRight => isRight), verdicts.Count);
        return
        [
            new("accuracy", interval.Value), new("accuracy_low", interval.Low), new("accuracy_high", interval.High),
            new("n", interval.Count),
        ];
    }
}
