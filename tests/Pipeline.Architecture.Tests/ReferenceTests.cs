namespace Pipeline.Architecture.Tests;

/// <summary>Arrows between projects go one way. The table is the whole of who may know whom.</summary>
public class ReferenceTests
{
    private static readonly string[] ControlPlane =
        ["Pipeline.Spec", "Pipeline.Engine", "Pipeline.Store", "Pipeline.Executors", "Pipeline.Reports", "Pipeline.Server", "Pipeline.Cli"];

    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Pipeline.Protocol"] = [],
        ["Pipeline.Spec"] = ["Pipeline.Protocol"],
        ["Pipeline.Engine"] = ["Pipeline.Spec", "Pipeline.Protocol"],
        ["Pipeline.Store"] = ["Pipeline.Engine"],
        ["Pipeline.Executors"] = ["Pipeline.Engine"],
        ["Pipeline.Reports"] = ["Pipeline.Engine", "Pipeline.Rewards"],
        ["Pipeline.Datasets"] = ["Pipeline.Protocol"],
        ["Pipeline.Endpoints"] = ["Pipeline.Protocol"],
        ["Pipeline.Hub"] = ["Pipeline.Protocol"],
        ["Pipeline.Rewards"] = ["Pipeline.Protocol", "Pipeline.Endpoints"],
        ["Pipeline.Server"] = ["Pipeline.Engine", "Pipeline.Reports", "Pipeline.Datasets"],
        ["Pipeline.Cli"] = [.. ControlPlane.Except(["Pipeline.Cli"]), "Pipeline.Datasets", "Pipeline.Rewards"],
        ["Pipeline.Training"] = [],
        ["Pipeline.Stages"] = ["Pipeline.Protocol", "Pipeline.Training", "Pipeline.Datasets", "Pipeline.Endpoints", "Pipeline.Hub", "Pipeline.Rewards"],
    };

    private static IEnumerable<string> Names => Repository.Projects.Keys;

    [TestCaseSource(nameof(Names))]
    public void Project_RefersToOthers_OnlyToThoseItMayKnow(string project)
    {
        Assert.That(Allowed, Contains.Key(project), "a new project needs a line in the table");
        Assert.That(Repository.ReferencesOf(project), Is.SubsetOf(Allowed[project]));
    }

    [TestCaseSource(nameof(ControlPlane))]
    public void ControlPlane_LoadsNoTensor(string project) =>
        Assert.That(Reachable(project), Does.Not.Contain("Pipeline.Training").And.Not.Contain("Pipeline.Stages"));

    [Test]
    public void TrainingPlane_OpensNoDatabase()
    {
        var packages = Reachable("Pipeline.Stages").SelectMany(Repository.PackagesOf);
        Assert.That(packages, Does.Not.Contain("Microsoft.Data.Sqlite").And.Not.Contain("Npgsql").And.Not.Contain("Dapper").And.Not.Contain("Quartz"));
    }

    [Test]
    public void TorchSharp_IsReferredTo_ByTrainingAlone()
    {
        var users = Names.Where(project => Repository.PackagesOf(project).Any(package => package.StartsWith("TorchSharp", StringComparison.Ordinal)));
        Assert.That(users, Is.EqualTo(new[] { "Pipeline.Training" }));
    }

    /// <summary>The project and all it refers to, directly or not.</summary>
    private static HashSet<string> Reachable(string project)
    {
        var seen = new HashSet<string>();
        var open = new Stack<string>([project]);
        while (open.TryPop(out var next))
            if (seen.Add(next)) foreach (var reference in Repository.ReferencesOf(next)) open.Push(reference);
        return seen;
    }
}
