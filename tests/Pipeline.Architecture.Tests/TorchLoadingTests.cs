using System.Security.Cryptography;

namespace Pipeline.Architecture.Tests;

/// <summary>
/// libtorch loads where libstdc++ is older than TorchSharp's build wants (Debian 12), however the program was built, and
/// the package's own file is never written to.
/// </summary>
[FixtureLifeCycle(LifeCycle.SingleInstance)]
public class TorchLoadingTests
{
    // SHA-256 of runtimes/linux-x64/native/libLibTorchSharp.so in the package TorchSharp 0.107.0.
    private const string PackagedDigest = "cf33b1b0bb6bbb9754a768fb5c5d04d9f498603be50e73f55621a0b40ee608b8";

    private readonly TorchProbe _probe = new();

    [OneTimeSetUp]
    public void BuildOnce() => _probe.Build();

    [OneTimeTearDown]
    public void RemoveProbe() => _probe.Dispose();

    [Test]
    public void CleanBuild_Loads()
    {
        using var fresh = new TorchProbe();
        fresh.Build();
        Assert.That(fresh.Run(fresh.OutputFolder), Is.EqualTo("4"));
    }

    [Test]
    public void SecondBuild_NothingChanged_Loads()
    {
        _probe.Build();
        Assert.That(_probe.Run(_probe.OutputFolder), Is.EqualTo("4"));
    }

    [Test]
    public void Build_AfterOneTouchedSource_Loads()
    {
        _probe.Touch();
        _probe.Build();
        Assert.That(_probe.Run(_probe.OutputFolder), Is.EqualTo("4"));
    }

    [Test]
    public void Publish_Loads()
    {
        _probe.Publish();
        Assert.That(_probe.Run(_probe.PublishFolder), Is.EqualTo("4"));
    }

    [Test]
    public async Task TwoBuildsAtOnce_BothLoad()
    {
        using var other = new TorchProbe();
        await Task.WhenAll(Task.Run(_probe.Build), Task.Run(other.Build));
        Assert.That(new[] { _probe.Run(_probe.OutputFolder), other.Run(other.OutputFolder) }, Is.All.EqualTo("4"));
    }

    [Test]
    public void Output_HoldsNoCopyMadeByTorchSharpItself()
    {
        // When loading fails, TorchSharp copies 490 MB into a folder named after the device.
        Assert.That(Path.Combine(_probe.OutputFolder, "cpu"), Does.Not.Exist);
        Assert.That(Path.Combine(_probe.PublishFolder, "cpu"), Does.Not.Exist);
    }

    [Test]
    public void Package_KeepsItsOwnFile()
    {
        var packages = _probe.Evaluate("-getProperty:NuGetPackageRoot");
        var native = Path.Combine(packages, "torchsharp", "0.107.0", "runtimes", "linux-x64", "native", "libLibTorchSharp.so");
        Assert.That(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(native))), Is.EqualTo(PackagedDigest));
    }

    [Test]
    public void Cuda_ChangesOnePackageReference()
    {
        // The CUDA packages are 2 GB and are not restored here: only what the project would ask for is looked at.
        string[] References(string torch) =>
            [.. _probe.Evaluate($"-p:Torch={torch}", "-getItem:PackageReference").Split('\n').Where(line => line.Contains("\"Identity\"")).Select(line => line.Trim())];
        var (cpu, cuda) = (References("cpu"), References("cuda"));
        Assert.That(cpu.Except(cuda), Has.One.Contains("libtorch-cpu-linux-x64"));
        Assert.That(cuda.Except(cpu), Has.One.Contains("TorchSharp-cuda-linux"));
    }
}
