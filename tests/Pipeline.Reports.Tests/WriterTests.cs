using System.Runtime.CompilerServices;
using System.Xml.Linq;
using Pipeline.Engine.Runs;
using Pipeline.Protocol.Artifacts;
using Pipeline.Reports.Charts;
using Pipeline.Reports.Writers;

namespace Pipeline.Reports.Tests;

public sealed class WriterTests
{
    /// <summary>
    /// A file beside this one that holds what is expected. To write it anew after a wanted change:
    /// <c>UPDATE_GOLDEN=1 dotnet test tests/Pipeline.Reports.Tests</c>, then read the difference.
    /// </summary>
    private static void Matches(string name, string actual)
    {
        var file = Path.Combine(Here(), "Expected", name);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1") File.WriteAllText(file, actual);
        Assert.That(actual, Is.EqualTo(File.ReadAllText(file)), $"{name} differs.");
    }

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;

    private static Report Quickstart()
    {
        using var run = SampleRun.Quickstart();
        return run.Read();
    }

    [Test]
    public void Text_OfAFinishedRun_ReadsLikeThis() => Matches("quickstart.txt", TextReport.Write(Quickstart()));

    [Test]
    public void Markdown_OfAFinishedRun_ReadsLikeThis() => Matches("quickstart.md", MarkdownReport.Write(Quickstart()));

    [Test]
    public void Json_OfAFinishedRun_ReadsLikeThis() => Matches("quickstart.json", JsonReport.Write(Quickstart()));

    [Test]
    public void Text_OfAFailedRun_ReadsLikeThis()
    {
        using var run = new SampleRun().With("evaluate_base", "evaluation").With("sft", "sft").With("evaluate_sft", "evaluation", "sft").Submit()
            .Evaluate("evaluate_base", SampleRun.Evaluation("base", 0.3, mixing: null))
            .Begin("sft").Fail("sft", 1, "The loss is not finite.", retry: false)
            .Add(new RunFailed { Failed = ["sft"] });

        Matches("failed.txt", TextReport.Write(run.Read()));
    }

    [Test]
    public void Text_OfABenchmarkWithLevels_HasATableWithAColumnAModel()
    {
        static GroupAccuracy Level(string name, int n, double value) => new(name, n, new Estimate(value, 0, 1));
        var report = Quickstart();
        report = report with
        {
            Models = [report.Models[0] with { ByLevel = [Level("1", 43, 0.9), Level("5", 134, 0.25)] }, report.Models[1], report.Models[2] with { ByLevel = [Level("5", 134, 0.5)] }],
        };

        Assert.That(TextReport.Write(report), Does.Contain("pass@1 by level\n  level    n    base    Dev1\n  1       43  90.0 %       -\n  5      134  25.0 %  50.0 %\n"));
    }

    [Test]
    public void Json_WhatIsNotKnown_IsNullAndNotMissing()
    {
        using var run = new SampleRun().With("a", "evaluation").With("b", "sft").Submit().Evaluate("a", SampleRun.Evaluation("base", double.NaN, mixing: null));
        var json = JsonReport.Of(run.Read());

        var model = json["models"]![0]!.AsObject();
        Assert.That(model.ContainsKey("mixing") && model["mixing"] is null);
        Assert.That(model["pass@1"]!["value"], Is.Null);
        Assert.That(model["pass@1"]!["ci95"]!.AsArray(), Has.Count.EqualTo(2));
        Assert.That(json["stages"]![1]!["seconds"], Is.Null);
    }

    [Test]
    public void Text_OfANameWithEscapes_CannotMoveTheCursor()
    {
        var text = TextReport.Write(Hostile());

        Assert.That(text.Where(c => char.IsControl(c) && c != '\n'), Is.Empty);
        Assert.That(text, Does.Contain("\uFFFD[2J"));
    }

    [Test]
    public void Markdown_OfANameWithMarkup_KeepsItsTable()
    {
        var row = MarkdownReport.Write(Hostile()).Split('\n').Single(line => line.Contains("script", StringComparison.Ordinal));

        Assert.That(row, Does.StartWith("| &lt;script>alert(1)&lt;/script> \\| "));
    }

    [Test]
    public void Html_OfANameWithMarkup_ShowsItAsText()
    {
        var page = HtmlReport.Write(Hostile());

        Assert.That(page, Does.Not.Contain("<script"));
        Assert.That(page, Does.Contain("&lt;script&gt;alert(1)&lt;/script&gt;"));
    }

    [Test]
    public void Writers_OfADroppedCompletionWithMarkup_ShowItAsText()
    {
        using var run = new SampleRun().With("curated", "rejection_sampling").Submit();
        var report = run.Begin("curated").Succeed("curated", funnel: SampleRun.Funnel("<script>alert(1)</script> | \u001b[2J\nline")).Read();

        Assert.That(HtmlReport.Write(report), Does.Not.Contain("<script").And.Contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
        Assert.That(MarkdownReport.Write(report), Does.Contain("| wrong | &lt;script>alert(1)&lt;/script> \\| \uFFFD\\[2J line |"));
        Assert.That(TextReport.Write(report).Where(c => char.IsControl(c) && c != '\n'), Is.Empty);
    }

    [Test]
    public void Html_OfAFinishedRun_AsksForNothingElse()
    {
        var page = HtmlReport.Write(Quickstart()).Replace("http://www.w3.org/2000/svg", "");

        Assert.That(page, Does.Not.Contain("http:").And.Not.Contain("https:").And.Not.Contain("<link").And.Not.Contain("src=").And.Not.Contain("url(\""));
        Assert.That(page, Does.Contain("prefers-color-scheme: dark"));
    }

    [Test]
    public void Html_WithoutAnyModel_SaysSo()
    {
        using var run = new SampleRun().With("a", "sft").Submit();

        Assert.That(HtmlReport.Write(run.Read()), Does.Contain("No model has been evaluated."));
        Assert.That(TextReport.Write(run.Read()), Does.Contain("No model has been evaluated."));
    }

    [Test]
    public void Charts_OfAFinishedRun_AreWellFormedWithIdsOfTheirOwnAndNoFixedColour()
    {
        Chart[] charts = [.. ReportCharts.Figure(Quickstart()), .. ReportCharts.Of(Quickstart())];
        var drawings = charts.Select(chart => XDocument.Parse(chart.Svg)).ToArray();

        Assert.That(charts.Select(chart => chart.Title), Is.EqualTo(new[]
        {
            "Accuracy through the stages", "Mixing and repetition", "Length while RL trains", "Reflection while RL trains",
            "Reward", "Accuracy while training", "Kept by curated",
        }));
        Assert.That(drawings.SelectMany(svg => svg.Descendants()).Select(element => element.Attribute("id")?.Value).OfType<string>(), Is.Unique);
        Assert.That(charts.Select(chart => chart.Svg), Has.None.Contains("rgb(").And.None.Contains("black"));
    }

    [Test]
    public void Figure_AsAPicture_HasEveryPanelInPlainColoursAndDarkOnesBeside()
    {
        var svg = SvgFigure.Write(Quickstart());
        var picture = XDocument.Parse(svg).Root!;
        var panels = picture.Elements().Where(element => element.Name.LocalName == "svg").Select(panel => ((int)panel.Attribute("x")!, (int)panel.Attribute("y")!)).ToArray();

        // Two columns: 24 of margin, 440 of panel, 32 between. Models have a row each: 80 + 8 x 28 = 304, below them 32, 44 for the next heads.
        Assert.That(panels, Is.EqualTo(new[] { (24, 128), (496, 128), (24, 508), (496, 508) }));
        Assert.That((int)picture.Attribute("height")!, Is.EqualTo(508 + 260 + 24));
        Assert.That(svg, Does.Not.Contain("var(").And.Contains("fill:#2457d6").And.Contains("[style*=\"fill:#2457d6\"] { fill: #82a8ff !important; }"));
        Assert.That(picture.Value, Does.Contain("R1-Zero").And.Contain("58.0").And.Contain("256 held-out prompts × 16 samples"));
    }

    [Test]
    public void Figure_OfARunWithoutModels_SaysSo()
    {
        using var run = new SampleRun().With("a", "sft").Submit("1 < 2 & \u001b[2J");
        var picture = XDocument.Parse(SvgFigure.Write(run.Read()));

        Assert.That(picture.Root!.Value, Does.Contain("No model has been evaluated.").And.Contain("1 < 2 & \uFFFD[2J"));
    }

    [Test]
    public void Charts_OfALongRun_StaySmall()
    {
        // 10,400 steps as in the paper: 35 steps a point, 298 points.
        var long_ = new LearningCurve("rl") { Reward = [.. Enumerable.Range(1, 10_400).Select(step => new CurvePoint(step, step))] };
        var chart = ReportCharts.Of(Quickstart() with { Curves = [long_] }).Single(chart => chart.Title == "Reward");

        Assert.That(chart.Svg, Has.Length.LessThan(20_000));
        Assert.That(chart.Caption, Does.EndWith("A point is the mean of up to 35 steps."));
    }

    private static Report Hostile()
    {
        using var run = new SampleRun().With("a", "evaluation").Submit().Evaluate("a", SampleRun.Evaluation("<script>alert(1)</script> | \u001b[2J \u202e", 0.5));
        return run.Read();
    }
}
