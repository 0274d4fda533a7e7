using Pipeline.Stages.Tests.Harness;

namespace Pipeline.Stages.Tests.Dpo;

public sealed class DpoStoryTest
{
    private TestFolder _folder = null!;

    [SetUp]
    public void SetUp() => _folder = new TestFolder();

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public void Dpo_GeneratedPreferences_ArePreferredOnHeldOutPairsToo()
    {
        var attempt = Dpo("dpo", """{ "epochs": 6, "batch_size": 16, "micro_batch_size": 8, "learning_rate": 0.002, "held_out": 0.2 }""");
        var (first, last) = (attempt.Metrics[0], attempt.Metrics[^1]);
        Assert.Multiple(() =>
        {
            // The policy begins as the reference: no margin, so the surprise of a coin.
            Assert.That((double)first["loss"]!, Is.EqualTo(Math.Log(2)).Within(1e-4));
            Assert.That((double)first["rewards/margins"]!, Is.Zero.Within(1e-4));
            Assert.That((double)last["rewards/margins"]!, Is.GreaterThan(0.2));
            Assert.That((double)last["rewards/chosen"]! - (double)last["rewards/rejected"]!, Is.EqualTo((double)last["rewards/margins"]!).Within(1e-6));
            Assert.That(attempt.Result.Metrics["n"], Is.GreaterThan(20));
            Assert.That(attempt.Result.Metrics["accuracy"], Is.GreaterThan(0.7));
            Assert.That(File.Exists(Path.Combine(attempt.Output(), "chat_template.jinja")));
        });
    }

    [Test]
    public void Dpo_MicroBatches_GiveTheSameCourseAsTheWholeBatch()
    {
        const string options = """{ "batch_size": 48, "learning_rate": 0.001""";
        var whole = Dpo("whole", options + """, "micro_batch_size": 48 }""");
        var parts = Dpo("parts", options + """, "micro_batch_size": 7 }""");
        // Not the accuracies: before the first step policy and reference are one, and rounding decides which answer is preferred.
        foreach (var name in (string[])["loss", "grad_norm", "rewards/chosen", "logps/rejected"])
            Assert.That(parts.Metrics.Select(row => (double)row[name]!), Is.EqualTo(whole.Metrics.Select(row => (double)row[name]!)).Within(2e-3), name);
    }

    private Attempt Dpo(string name, string options) =>
        Attempt.Of(_folder.Of(name), "dpo", options, ("model", Miniature.Base), ("dataset", Miniature.Data("helpfulness"))).MustSucceed();
}
