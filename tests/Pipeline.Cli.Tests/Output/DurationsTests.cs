using Pipeline.Cli.Output;

namespace Pipeline.Cli.Tests.Output;

public sealed class DurationsTests
{
    [TestCase(-1, "0 s")]
    [TestCase(0.44, "0.4 s")]
    [TestCase(59.9, "59 s")]
    [TestCase(185, "3 min 05 s")]
    [TestCase(7_620, "2 h 07 min")]    // 2 * 3600 + 7 * 60
    [TestCase(273_600, "3 d 04 h")]    // 3 * 86400 + 4 * 3600
    public void Text_OfADuration_HasTwoUnitsAtMost(double seconds, string expected) =>
        Assert.That(Durations.Text(TimeSpan.FromSeconds(seconds)), Is.EqualTo(expected));
}
