namespace Pipeline.Rewards.Tests;

public class StandardisedTests
{
    private const double Tolerance = 1e-3; // 1e-4 is added to each standard deviation

    [Test]
    public void Totals_TermsOfOtherScales_CountByTheirWeightsAlone()
    {
        // Accuracy 1, 0, 0, 1: mean 1/2, deviation 1/2, so 1, -1, -1, 1. Length 100, 300, 100, 300: mean 200, deviation 100, so -1, 1, -1, 1.
        // With weights 2 and 1: 2 - 1, -2 + 1, -2 - 1, 2 + 1.
        var judged = Judged([1, 0, 0, 1], [100, 300, 100, 300], weights: (2, 1));
        Assert.That(Standardised.Totals(judged, size: 4), Is.EqualTo(new[] { 1.0, -1, -3, 3 }).Within(3 * Tolerance));
    }

    [Test]
    public void Totals_EqualSumsEarnedInDifferentWays_StayDifferent()
    {
        // The paper's point: 1 + 0 = 0 + 1, but of four completions one is right and three are well formed. Right is 3/4 above a mean of
        // 1/4, deviation sqrt(3)/4: sqrt(3), the others -1/sqrt(3). Form the other way round. So sqrt(3) - sqrt(3) = 0 against -1/sqrt(3) + 1/sqrt(3) = 0:
        var even = Standardised.Totals(Judged([1, 0, 0, 0], [0, 1, 1, 1]), size: 4);
        Assert.That(even, Is.All.EqualTo(0.0).Within(Tolerance), "exactly opposed terms of equal weight cancel");

        // With half of them well formed they do not: sqrt(3) - 1 against -1/sqrt(3) + 1.
        var odd = Standardised.Totals(Judged([1, 0, 0, 0], [0, 1, 1, 0]), size: 4);
        Assert.That(odd, Is.EqualTo(new[] { 0.732, 0.423, 0.423, -1.577 }).Within(2 * Tolerance));
    }

    [Test]
    public void Totals_GroupOrStep_AreMeasuredByThemselves()
    {
        var judged = Judged([1, 3, 10, 30], [0, 0, 0, 0]);
        // By group: 1, 3 and 10, 30 are one deviation from their means each; the other term agrees and adds nothing.
        Assert.That(Standardised.Totals(judged, size: 2), Is.EqualTo(new[] { -1.0, 1, -1, 1 }).Within(Tolerance));
        // By step: mean 11, squares 100, 64, 1, 361, so deviation sqrt(131.5) = 11.467.
        Assert.That(Standardised.Totals(judged, size: 4), Is.EqualTo(new[] { -0.872, -0.698, -0.087, 1.657 }).Within(Tolerance));
    }

    [Test]
    public void Totals_NoOpinion_AddsNothingAndNoScore_LeavesNone()
    {
        // Without the third: mean 1/2, deviation 1/2. The fourth cannot be judged, and the others are measured without it.
        var totals = Standardised.Totals(Judged([1, 0, null, double.NaN], [0, 0, 0, 0]), size: 4);
        Assert.That(totals, Is.EqualTo(new[] { 1, -1, 0, double.NaN }).Within(Tolerance));
    }

    private static List<RewardBreakdown> Judged(double?[] first, double?[] second, (double First, double Second)? weights = null) =>
    [
        .. first.Zip(second, (a, b) => new RewardBreakdown(0, new Dictionary<string, RewardScore>())
        {
            Parts = [new(weights?.First ?? 1, a), new(weights?.Second ?? 1, b)],
        }),
    ];
}
