using System.Globalization;

namespace Pipeline.Engine.Runs;

/// <summary>A metric's value in a sentence for a person.</summary>
public static class MetricText
{
    /// <summary>At most six digits behind the point, in any culture; of null, that it was not reported.</summary>
    public static string Of(double? value) => value?.ToString("0.######", CultureInfo.InvariantCulture) ?? "not reported";
}
