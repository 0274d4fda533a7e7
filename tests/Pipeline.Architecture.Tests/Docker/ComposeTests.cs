using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace Pipeline.Architecture.Tests.Docker;

/// <summary>The compose file, held to what its README says of it.</summary>
public class ComposeTests
{
    private static readonly Dictionary<object, object> s_compose = Read();

    private static Dictionary<object, object> Services => Map(s_compose["services"]);

    private static IEnumerable<string> Names => Services.Keys.Cast<string>();

    [TestCaseSource(nameof(Names))]
    public void Service_IsLocked(string name)
    {
        var service = Map(Services[name]);
        Assert.That(service["read_only"], Is.EqualTo("true"));
        Assert.That(Texts(service["cap_drop"]), Is.EqualTo(new[] { "ALL" }));
        Assert.That(Texts(service["security_opt"]), Contains.Item("no-new-privileges:true"));
        Assert.That(service["user"], Does.Match("^[1-9][0-9]*:[1-9][0-9]*$"), "not root, and told by number");
        Assert.That(service.ContainsKey("privileged"), Is.False);
    }

    [TestCaseSource(nameof(Names))]
    public void Service_IsPinned_OrBuiltHere(string name)
    {
        var service = Map(Services[name]);
        if (!service.TryGetValue("build", out var build)) Assert.That(service["image"], Does.Match(@"^[a-z0-9./-]+:\d+\.\d+[\w.-]*$"));
        else
        {
            var dockerfile = Dockerfile.Parse(File.ReadAllText(Path.Combine(Repository.Root, (string)Map(build)["dockerfile"])));
            Assert.That(dockerfile.Stages.Select(stage => stage.Name), Contains.Item(Map(build)["target"]));
        }
    }

    [TestCaseSource(nameof(Names))]
    public void Service_HasAHealthCheck_OfItsOwnOrOfItsImage(string name)
    {
        var service = Map(Services[name]);
        if (service.ContainsKey("healthcheck")) return;
        var dockerfile = Dockerfile.Parse(File.ReadAllText(Path.Combine(Repository.Root, "docker", "Dockerfile")));
        var target = dockerfile.Stages.Single(stage => stage.Name == (string)Map(service["build"])["target"]);
        Assert.That(dockerfile.Last(target, "HEALTHCHECK"), Is.Not.Null);
    }

    [TestCaseSource(nameof(Names))]
    public void Service_IsReached_ByLoopbackAlone(string name)
    {
        var ports = Map(Services[name]).TryGetValue("ports", out var listed) ? Texts(listed) : [];
        Assert.That(ports, Is.All.StartsWith("127.0.0.1:"));
    }

    [TestCaseSource(nameof(Names))]
    public void Service_RefersToWhatThereIs(string name)
    {
        var service = Map(Services[name]);
        var volumes = service.TryGetValue("volumes", out var mounts) ? Texts(mounts).Select(mount => mount.Split(':')[0]) : [];
        var secrets = service.TryGetValue("secrets", out var used) ? Texts(used) : [];
        Assert.That(volumes, Is.SubsetOf(Map(s_compose["volumes"]).Keys));
        Assert.That(secrets, Is.SubsetOf(Map(s_compose["secrets"]).Keys));
        if (service.TryGetValue("depends_on", out var needs)) Assert.That(Map(needs).Keys, Is.SubsetOf(Names));
    }

    [Test]
    public void Secrets_AreFiles_NeverText()
    {
        foreach (var secret in Map(s_compose["secrets"]).Values) Assert.That(Map(secret)["file"], Does.StartWith("secrets/"));
        foreach (var service in Services.Values.Select(Map))
        {
            if (!service.TryGetValue("environment", out var environment)) continue;
            foreach (var (variable, value) in Map(environment))
            {
                if (((string)variable).Contains("PASS", StringComparison.Ordinal)) Assert.That(value, Does.StartWith("/run/secrets/"), (string)variable);
                Assert.That(value, Does.Not.Match("://[^/@]*:[^/@]*@"), "no password in an address");
            }
        }
    }

    private static Dictionary<object, object> Read()
    {
        using var text = File.OpenText(Path.Combine(Repository.Root, "docker", "compose.yaml"));
        return new DeserializerBuilder().Build().Deserialize<Dictionary<object, object>>(new MergingParser(new Parser(text)));
    }

    // A name alone, such as a volume's, has nothing behind it.
    private static Dictionary<object, object> Map(object? node) => node as Dictionary<object, object> ?? [];

    private static IEnumerable<string> Texts(object node) => ((IEnumerable<object>)node).Cast<string>();
}
