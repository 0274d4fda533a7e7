using Pipeline.Spec.Loading;

namespace Pipeline.Spec.Tests;

public sealed class DidYouMeanTests
{
    private static readonly string[] Names = ["learning_rate", "epochs", "group_size", "kl_coefficient", "beta1", "model"];

    [TestCase("learning_rte", "learning_rate")]  // a letter missing
    [TestCase("epohcs", "epochs")]               // two swapped
    [TestCase("learningRate", "learning_rate")]  // another spelling of the same words
    [TestCase("lr", "learning_rate")]            // initials
    [TestCase("beta", "kl_coefficient")]         // what TRL calls it, though beta1 is nearer
    public void Nearest_Slip_IsFound(string found, string meant) => Assert.That(DidYouMean.Nearest(found, Names), Is.EqualTo(meant));

    [TestCase("temperature")]
    [TestCase("kl")]
    [TestCase("--")]
    public void Nearest_SomethingElse_IsNotGuessed(string found) => Assert.That(DidYouMean.Nearest(found, Names), Is.Null);
}
