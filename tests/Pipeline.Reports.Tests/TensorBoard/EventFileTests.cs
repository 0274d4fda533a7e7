using System.Text.Json;
using Pipeline.Reports.TensorBoard;

namespace Pipeline.Reports.Tests.TensorBoard;

public class EventFileTests
{
    [Test]
    public void File_OfTwoSteps_IsToTheByteWhatTheReferenceWrites()
    {
        // tests/Reference/tensorboard.py writes the same rows with its own protobuf and its own CRC-32C.
        var file = new EventFile(At(1_700_000_000_250));
        file.Write(1, At(1_700_000_001_500), [new("eval/pass@1", 0.25), new("reward", 1)]);
        file.Write(300, At(1_700_000_123_004), [new("größe", -1e-3), new("reward", double.PositiveInfinity)]);
        using var reference = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Reference", "tensorboard.json")));
        Assert.That(Convert.ToHexString(file.Bytes), Is.EqualTo(Convert.ToHexString(reference.RootElement.GetProperty("file").GetBytesFromBase64())));
    }

    private static DateTimeOffset At(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
}
