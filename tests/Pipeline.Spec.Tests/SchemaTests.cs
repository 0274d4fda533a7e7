using NJsonSchema;
using Pipeline.Protocol;
using Pipeline.Spec.Loading;
using Pipeline.Spec.Schema;
using Pipeline.Spec.Yaml;

namespace Pipeline.Spec.Tests;

/// <summary>The JSON Schema for editors says the same as the parser, as far as a schema can.</summary>
public sealed class SchemaTests
{
    private static readonly string Committed = Path.Combine(Golden.Folder, "../../src/Pipeline.Spec/Schema", PipelineSchema.FileName);
    private static readonly string Pipelines = Path.Combine(Golden.Folder, "../../pipelines");
    private static readonly string Broken = Path.Combine(Golden.Folder, "Broken");

    /// <summary>Mistakes that a schema sees too.</summary>
    private static readonly string[] Structural =
    [
        SpecErrors.UnknownKey, SpecErrors.MissingKey, SpecErrors.WrongType, SpecErrors.WrongValue,
        SpecErrors.UnknownInput, SpecErrors.MissingInput, SpecErrors.NotSupported,
    ];

    /// <summary>Files whose only structural mistakes a schema cannot see, and why.</summary>
    private static readonly string[] Unseen =
    [
        "references-not-supported-yet.yaml", // inside ${{ }}
        "references-wrong-type.yaml",        // the value comes from a parameter
        "stop-when-pairs.yaml",              // which keys of an item go together, which stage raises which alarm
        "matrix-values.yaml",                // which values a matrix may have
        "extends-not.yaml",                  // two keys that do not go together
        "override-set.yaml",                 // on the command line
        "params-command-line.yaml",
    ];

    private static JsonSchema _schema = null!;

    private static IEnumerable<string> GoodFiles => Directory.EnumerateFiles(Path.Combine(Golden.Folder, "Good"), "*.yaml")
        .Concat(Directory.Exists(Pipelines) ? Directory.EnumerateFiles(Pipelines, "*.yaml", SearchOption.AllDirectories) : []);

    private static IEnumerable<string> BrokenFiles => Directory.EnumerateFiles(Broken, "*.yaml").Select(Path.GetFileName)!;

    [OneTimeSetUp]
    public async Task ReadSchema() => _schema = await JsonSchema.FromJsonAsync(PipelineSchema.Text);

    [Test]
    public void Schema_WrittenAnew_IsTheCommittedOne() =>
        Golden.Matches(Committed, new SchemaWriter(new XmlDocs(typeof(ProtocolJson).Assembly, typeof(PipelineFile).Assembly)).Write());

    [TestCaseSource(nameof(GoodFiles))]
    public void GoodFile_IsValidForBoth(string file)
    {
        var errors = PipelineFile.Load(file, checkPaths: false).Errors.Where(error => error.Code != SpecErrors.Param); // a required parameter is given on the command line

        Assert.That(errors, Is.Empty);
        Assert.That(Validate(File.ReadAllText(file)), Is.Empty);
    }

    [TestCaseSource(nameof(BrokenFiles))]
    public void BrokenFile_WithAMistakeOfStructure_IsRefusedByTheSchema(string name)
    {
        var text = File.ReadAllText(Path.Combine(Broken, name));
        var told = File.ReadAllText(Path.Combine(Broken, Path.ChangeExtension(name, ".txt")));
        if (told.Contains(SpecErrors.Syntax, StringComparison.Ordinal) || told.Contains(SpecErrors.DuplicateKey, StringComparison.Ordinal)) return; // no tree to check

        var isStructural = Structural.Any(told.Contains) && !Unseen.Contains(name);
        Assert.That(Validate(text), isStructural ? Is.Not.Empty : Is.Empty);
    }

    private static IReadOnlyList<string> Validate(string yaml)
    {
        var problems = new Problems();
        var tree = YamlReader.Read(yaml, new Source("test", "/"), problems);
        Assert.That(problems.Any, Is.False);
        return [.. _schema.Validate(FreeJson.Of(tree!)!.ToJsonString()).Select(error => error.ToString())];
    }
}
