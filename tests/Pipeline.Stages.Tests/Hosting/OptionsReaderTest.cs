using System.Text.Json.Nodes;
using Pipeline.Protocol.Options;
using Pipeline.Protocol.Stages;
using Pipeline.Stages.Hosting;

namespace Pipeline.Stages.Tests.Hosting;

public sealed class OptionsReaderTest
{
    [Test]
    public void Read_NothingGiven_EveryDefaultPassesItsOwnRanges()
    {
        // evaluate.prompts is the one setting without a default, and evaluate itself is null by default.
        // Nor can there be a default for what to fetch.
        foreach (var kind in StageKinds.All.Where(kind => !kind.Options.IsSubclassOf(typeof(FetchOptions))))
        {
            var read = typeof(OptionsReader).GetMethod(nameof(OptionsReader.Read))!.MakeGenericMethod(kind.Options);
            Assert.That(() => read.Invoke(null, [new JsonObject()]), Throws.Nothing, kind.Name);
        }
    }

    [Test]
    public void Read_NestedRecordsAndEnums_AreTakenOver()
    {
        var options = OptionsReader.Read<GrpoOptions>(Json("""
            { "steps": 7, "kl_in": "reward", "sampling": { "temperature": 0.7 },
              "rewards": [{ "accuracy": {} }, { "format": { "profile": "r1-zero", "weight": 0.5 } }] }
            """));

        Assert.Multiple(() =>
        {
            Assert.That(options.Steps, Is.EqualTo(7));
            Assert.That(options.KlIn, Is.EqualTo(KlPlace.Reward));
            Assert.That(options.Sampling, Is.EqualTo(new SamplingOptions { Temperature = 0.7 }));
            Assert.That(options.Rewards[1].Format!.Weight, Is.EqualTo(0.5));
        });
    }

    [TestCase("""{ "stepz": 7 }""", "options.stepz is unknown")]
    [TestCase("""{ "sampling": { "temprature": 1 } }""", "options.sampling.temprature is unknown; known are temperature, top_p, top_k, min_p, repetition_penalty, stop, max_tokens, batch_size.")]
    [TestCase("""{ "rewards": [{ "accuracy": {} }, { "lenght": {} }] }""", "options.rewards[1].lenght is unknown; known are accuracy, code, format")]
    [TestCase("""{ "algorithm": { "rloo": { "advantage_scale": "group" } } }""", "options.algorithm.rloo.advantage_scale is unknown")]
    [TestCase("""{ "Steps": 7 }""", "options.Steps is unknown")]
    public void Read_UnknownSetting_NamesItsPlaceAndWhatThereIs(string json, string message) =>
        Assert.That(() => OptionsReader.Read<GrpoOptions>(Json(json)),
            Throws.TypeOf<ConfigException>().With.Property("Code").EqualTo(StageErrors.OptionUnknown).And.Message.StartsWith(message));

    [TestCase("""{ "steps": "many" }""", "options.steps")]
    [TestCase("""{ "group_size": 1 }""", "options.group_size is 1; it must lie between 2 and 4096.")]
    [TestCase("""{ "sampling": { "top_p": 1.5 } }""", "options.sampling.top_p is 1.5")]
    [TestCase("""{ "kl_in": "word" }""", "options.kl_in")]
    [TestCase("""{ "algorithm": { "grpo": {}, "gspo": {} } }""", "options.algorithm")]
    [TestCase("""{ "reference": { "ema": { "decay": 2 } } }""", "options.reference.ema.decay")]
    [TestCase("""{ "rewards": [] }""", "options.rewards has too few items")]
    [TestCase("""{ "rewards": [{}] }""", "options.rewards[0] names 0 of accuracy, code, format")]
    [TestCase("""{ "rewards": [{ "accuracy": {}, "format": {} }] }""", "options.rewards[0] names 2 of accuracy, code, format")]
    [TestCase("""{ "rewards": [{ "accuracy": { "weight": 5000 } }] }""", "options.rewards[0].accuracy.weight is 5000")]
    public void Read_WrongValue_NamesItsPlaceAndTheRange(string json, string message) =>
        Assert.That(() => OptionsReader.Read<GrpoOptions>(Json(json)),
            Throws.TypeOf<ConfigException>().With.Property("Code").EqualTo(StageErrors.OptionInvalid).And.Message.StartsWith(message));

    private static JsonObject Json(string text) => JsonNode.Parse(text)!.AsObject();
}
