using Microsoft.AspNetCore.Http;

namespace Pipeline.Hub.Tests;

/// <summary>A repository arrives whole and as listed, or not at all and with a reason.</summary>
public class HubFetchTests
{
    private static readonly HubRepository s_model = new(IsDataset: false, "some/model", HubServer.Commit);
    private readonly byte[] _weights = new byte[100_000];
    private HubServer _server = null!;
    private string _cache = null!;
    private List<TimeSpan> _waits = null!;

    [SetUp]
    public void Start()
    {
        (_server, _waits) = (new HubServer(), []);
        _cache = Directory.CreateTempSubdirectory("hub-").FullName;
        new Random(1).NextBytes(_weights);
        _server.Files["config.json"] = "{}"u8.ToArray();
        _server.Files["model.safetensors"] = _weights;
        _server.Files["original/consolidated.00.pth"] = [1, 2, 3];
    }

    [TearDown]
    public async Task Stop()
    {
        await _server.DisposeAsync();
        Directory.Delete(_cache, recursive: true);
    }

    [Test]
    public async Task Bring_Files_OfAllPages_AreAsTheServerHasThem()
    {
        var folder = await Fetched();
        Assert.That(Directory.GetFiles(folder).Select(Path.GetFileName).Order(), Is.EqualTo(new[] { "config.json", "model.safetensors" }));
        Assert.That(File.ReadAllBytes(Path.Combine(folder, "model.safetensors")), Is.EqualTo(_weights));
    }

    [Test]
    public async Task Bring_Again_AsksForNoFile()
    {
        await Fetched();
        await Fetched();
        Assert.That(_server.RangesOf("model.safetensors"), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Bring_AfterHuggingFacesOwnLibrary_AsksForNoFile()
    {
        await Fetched();
        // huggingface_hub finds a file under snapshots/COMMIT/NAME, a link to blobs/HASH.
        var snapshot = Path.Combine(_cache, "models--some--model", "snapshots", HubServer.Commit, "model.safetensors");
        Assert.That(new FileInfo(snapshot).LinkTarget, Does.StartWith("../../blobs/"));
        Assert.That(File.ReadAllBytes(snapshot), Is.EqualTo(_weights));
    }

    [Test]
    public async Task Bring_DroppedConnections_GoesOnWhereItStood()
    {
        // Each connection gives a quarter of the file and drops; the last gives the rest.
        _server.Misbehave = async (context, path, number) =>
        {
            if (!path.EndsWith("safetensors") || number >= 3) return false;
            if (number > 0)
            {
                context.Response.StatusCode = StatusCodes.Status206PartialContent;
                context.Response.Headers.ContentRange = $"bytes {number * 25_000}-99999/100000";
            }
            await HubServer.Cut(context, _weights.AsMemory(number * 25_000, 25_000), announced: 100_000 - (number * 25_000));
            return true;
        };
        var folder = await Fetched();
        Assert.That(_server.RangesOf("model.safetensors"), Is.EqualTo(new[] { null, "bytes=25000-", "bytes=50000-", "bytes=75000-" }));
        Assert.That(File.ReadAllBytes(Path.Combine(folder, "model.safetensors")), Is.EqualTo(_weights));
        Assert.That(_waits, Has.All.EqualTo(TimeSpan.FromSeconds(1)), "what brings bytes is not a failure in a row");
    }

    [Test]
    public async Task Bring_StoppedAndStartedAgain_GoesOnWhereItStood()
    {
        using var stop = new CancellationTokenSource();
        _server.Misbehave = async (context, path, number) =>
        {
            if (!path.EndsWith("safetensors") || number > 0) return false;
            context.Response.ContentLength = 100_000;
            await context.Response.Body.WriteAsync(_weights.AsMemory(0, 40_000));
            await context.Response.Body.FlushAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }); // until the other side is gone
            return true;
        };
        Assert.That(async () => await Fetched(there => { if (there >= 40_000) stop.Cancel(); }, cancellation: stop.Token), Throws.InstanceOf<OperationCanceledException>());
        await Fetched();
        Assert.That(_server.RangesOf("model.safetensors")[^1], Is.EqualTo("bytes=40000-"));
    }

    [Test]
    public async Task Bring_ServerWithoutRanges_BeginsAnew()
    {
        Leave(_weights.AsSpan(0, 1000));
        _server.Misbehave = async (context, path, _) =>
        {
            if (!path.EndsWith("safetensors")) return false;
            await context.Response.Body.WriteAsync(_weights); // 200, whatever was asked for
            return true;
        };
        Assert.That(File.ReadAllBytes(Path.Combine(await Fetched(), "model.safetensors")), Is.EqualTo(_weights));
    }

    [Test]
    public async Task Bring_RemainsOfSomethingElse_AreThrownAway()
    {
        Leave(new byte[1000]);
        Assert.That(File.ReadAllBytes(Path.Combine(await Fetched(), "model.safetensors")), Is.EqualTo(_weights));
    }

    [Test]
    public async Task Bring_CacheDamagedSince_FetchesItAgain()
    {
        await Fetched();
        var blob = Directory.GetFiles(Path.Combine(_cache, "models--some--model", "blobs")).Single(file => new FileInfo(file).Length == 100_000);
        File.Delete(blob); // and not written over: the first fetch has a name of the same bytes
        File.WriteAllBytes(blob, new byte[100_000]);
        Assert.That(File.ReadAllBytes(Path.Combine(await Fetched(), "model.safetensors")), Is.EqualTo(_weights));
    }

    [TestCase(99_999)]
    [TestCase(100_001)]
    public async Task Bring_SizeIsALie_SaysSoAndKeepsNothing(int told)
    {
        _server.Listed = (path, entry) => path != "model.safetensors" ? entry
            : new { type = "file", oid = "", size = told, path, lfs = new { oid = new string('a', 64), size = told } };
        Assert.That(await Fails(), Is.EqualTo(HubErrors.Damaged));
        Assert.That(Directory.GetFiles(Path.Combine(_cache, "models--some--model", "blobs"), new string('a', 64)), Is.Empty);
    }

    [Test]
    public async Task Bring_HashIsALie_AsksTwiceAndSaysSo()
    {
        _server.Listed = (path, entry) => path != "model.safetensors" ? entry
            : new { type = "file", oid = "", size = 100_000, path, lfs = new { oid = new string('a', 64), size = 100_000 } };
        Assert.That(await Fails(), Is.EqualTo(HubErrors.Damaged));
        Assert.That(_server.RangesOf("model.safetensors"), Has.Count.EqualTo(2));
    }

    [Test]
    public async Task List_NameLeadsOutOfTheFolder_IsRefused()
    {
        _server.Listed = (path, _) => new { type = "file", oid = "", size = 1, path = "../" + path };
        Assert.That(await Fails(), Is.EqualTo(HubErrors.Damaged));
    }

    [TestCase(401, HubErrors.Denied)]
    [TestCase(403, HubErrors.Denied)]
    [TestCase(404, HubErrors.NotFound)]
    public async Task Bring_Refused_SaysWhyAtOnce(int status, string code)
    {
        _server.Misbehave = (context, path, _) => Task.FromResult(path.EndsWith("safetensors") && (context.Response.StatusCode = status) > 0);
        Assert.That(await Fails(), Is.EqualTo(code));
        Assert.That(_waits, Is.Empty);
    }

    [Test]
    public async Task Bring_TooManyRequests_WaitsAsLongAsTheServerAsks()
    {
        _server.Misbehave = (context, path, number) =>
        {
            if (number > 0) return Task.FromResult(false);
            context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            context.Response.Headers.RetryAfter = path.StartsWith("/api") ? "7" : "11";
            return Task.FromResult(true);
        };
        await Fetched();
        Assert.That(_waits.Select(wait => wait.TotalSeconds), Is.EqualTo(new[] { 7, 11, 11 }), "the list, then two files");
    }

    [Test]
    public async Task Bring_ServerIsBroken_GivesUpAfterWaitingLongerAndLonger()
    {
        _server.Misbehave = (context, _, _) => Task.FromResult((context.Response.StatusCode = 503) > 0);
        Assert.That(await Fails(), Is.EqualTo(HubErrors.Unreachable));
        Assert.That(_waits.Select(wait => wait.TotalSeconds), Is.EqualTo(new[] { 1, 2, 4, 8, 16, 32, 60 }));
    }

    [Test]
    public async Task Bring_Token_IsSentToTheServerAndToNoOther()
    {
        await using var storage = new HubServer();
        storage.Files["model.safetensors"] = _weights;
        _server.Misbehave = (context, path, number) =>
        {
            if (path.EndsWith("config.json") && !path.StartsWith("/moved")) context.Response.Redirect("/moved/config.json");
            else if (path.EndsWith("safetensors")) context.Response.Redirect($"{storage.Url}signed/model.safetensors");
            else return Task.FromResult(false);
            return Task.FromResult(true);
        };
        await Fetched();
        Assert.That(_server.Requests.Select(asked => asked.Authorization), Has.All.EqualTo("Bearer secret"));
        Assert.That(_server.Requests.Select(asked => asked.Path), Has.Member("/moved/config.json"));
        Assert.That(storage.Requests.Single().Authorization, Is.Null);
    }

    [Test]
    public async Task Bring_AtTheSameTime_FetchesOnce()
    {
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Fetched(wait: Task.Delay)));
        Assert.That(_server.RangesOf("model.safetensors"), Has.Count.EqualTo(1));
    }

    [Test]
    public void List_NoFileIsMeant_SaysWhatThereIs() =>
        Assert.That(async () => await Fetched(patterns: ["*.bin"]), Throws.InstanceOf<HubException>().With.Message.Contains("model.safetensors"));

    private async Task<string> Fails()
    {
        try { await Fetched(); }
        catch (HubException error) { return error.Code; }
        return "it came";
    }

    /// <summary>What a try before left of the weights.</summary>
    private void Leave(ReadOnlySpan<byte> bytes)
    {
        var blobs = Directory.CreateDirectory(Path.Combine(_cache, "models--some--model", "blobs")).FullName;
        var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(_weights));
        File.WriteAllBytes(Path.Combine(blobs, hash + ".incomplete"), bytes);
    }

    private async Task<string> Fetched(
        Action<long>? progress = null, string[]? patterns = null, Func<TimeSpan, CancellationToken, Task>? wait = null, CancellationToken cancellation = default)
    {
        using var fetch = new HubFetch(new(_server.Url, "secret", _cache), TimeProvider.System, wait ?? Seen);
        var files = await fetch.List(s_model, patterns ?? ["*.json", "*.safetensors"], cancellation);
        await fetch.Bring(s_model, files, progress ?? (_ => { }), cancellation);
        var folder = Directory.CreateDirectory(Path.Combine(_cache, $"out-{Guid.NewGuid():N}")).FullName;
        fetch.Place(s_model, files, folder);
        return folder;
    }

    private Task Seen(TimeSpan delay, CancellationToken cancellation)
    {
        _waits.Add(delay);
        return Task.CompletedTask;
    }
}
