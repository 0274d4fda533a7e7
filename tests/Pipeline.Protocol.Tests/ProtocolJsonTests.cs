using System.Text.Json;
using Pipeline.Protocol.Jobs;
using Pipeline.Protocol.Options;

namespace Pipeline.Protocol.Tests;

public sealed class ProtocolJsonTests
{
    [Test]
    public void JobFile_FieldOfALaterVersion_IsKept()
    {
        const string job = """{"protocol":1,"run":"r","stage":"s","instance":"s","attempt":1,"token":"t","kind":"sft","priority":7}""";

        var read = JsonSerializer.Deserialize<JobFile>(job, ProtocolJson.Line)!;

        Assert.That(JsonSerializer.Serialize(read, ProtocolJson.Line), Does.Contain("\"priority\":7"));
    }

    [Test]
    public void JobFile_WithoutItsToken_IsRefused() =>
        Assert.That(() => JsonSerializer.Deserialize<JobFile>("""{"run":"r","stage":"s","instance":"s","attempt":1,"kind":"sft"}""", ProtocolJson.Line),
            Throws.TypeOf<JsonException>().With.Message.Contains("token"));

    [Test]
    public void InputsOf_AList_KeepsItsOrderPastNine()
    {
        // Sorted as text, dataset.10 would come before dataset.2.
        var inputs = Enumerable.Range(0, 12).ToDictionary(i => $"dataset.{i}", i => new JobInput($"/{i}", "dataset"));
        var job = new JobFile { Run = "r", Stage = "s", Instance = "s", Attempt = 1, Token = "t", Kind = "sft", Inputs = inputs };

        Assert.That(job.InputsOf("dataset").Select(input => input.Path), Is.EqualTo(Enumerable.Range(0, 12).Select(i => $"/{i}")));
        Assert.That(job.InputsOf("model"), Is.Empty);
    }

    [Test]
    public void Options_EveryDefaultOfEveryKind_ReadsBackEqual()
    {
        foreach (var kind in Stages.StageKinds.All)
        {
            var written = JsonSerializer.Serialize(JsonSerializer.Deserialize("{}", kind.Options, ProtocolJson.Line), kind.Options, ProtocolJson.Line);
            var again = JsonSerializer.Serialize(JsonSerializer.Deserialize(written, kind.Options, ProtocolJson.Line), kind.Options, ProtocolJson.Line);
            Assert.That(again, Is.EqualTo(written), kind.Name);
        }
    }

    [Test]
    public void Enum_WithANameOfItsOwn_IsWrittenByIt() =>
        Assert.That(JsonSerializer.Serialize(FormatProfile.R1Zero, ProtocolJson.Line), Is.EqualTo("\"r1-zero\""));

    [Test]
    public void Number_NotFinite_IsWrittenAsText() =>
        Assert.That(JsonSerializer.Serialize(new Estimate2(double.NaN, double.PositiveInfinity), ProtocolJson.Line), Is.EqualTo("""{"value":"NaN","high":"Infinity"}"""));

    private sealed record Estimate2(double Value, double High);
}
