using static TorchSharp.torch;

namespace Pipeline.Training.Tests;

/// <summary>Tensors this small gain nothing from a second thread, which on a busy machine is waited for.</summary>
[SetUpFixture]
public sealed class OneThread
{
    [OneTimeSetUp]
    public void SetUp() => set_num_threads(1);
}
