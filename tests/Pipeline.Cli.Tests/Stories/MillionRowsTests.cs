using System.Diagnostics;
using System.Globalization;
using Pipeline.Datasets.Chat;
using Pipeline.Datasets.Parquet;
using Pipeline.Datasets.Parquet.Rows;

namespace Pipeline.Cli.Tests.Stories;

/// <summary>What the dataset commands hold in memory at a million rows, against a tenth of that.</summary>
public sealed class MillionRowsTests : CommandTest
{
    private static readonly string[] s_words = [.. Enumerable.Range(0, 5000).Select(number => $"word{number}")];

    // Of hashes: exact 28 to 56 bytes a row, near 280 to 440 more, doubling tables included.
    [TestCase("stats", 100)]
    [TestCase("validate", 20)]
    [TestCase("convert -o out.parquet", 20)]
    [TestCase("split -o parts", 20)]
    [TestCase("dedup -o once.EXT", 150)]
    [TestCase("dedup --near 0.8 -o once.EXT", 800)]
    [TestCase("decontaminate --against EVAL -o clean.EXT", 20)]
    [Category("soak")]
    public void Command_OnAMillionRows_HoldsAsMuchAsOnATenth(string command, int bytesPerRow)
    {
        foreach (var format in new[] { "jsonl", "parquet" })
        {
            var (small, large) = (Peak(command, format, 100_000), Peak(command, format, 1_000_000));
            TestContext.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{command} of .{format}: {small.Peak >> 20} MB at 100,000 rows, {large.Peak >> 20} MB and {large.Seconds:0} s at 1,000,000"));
            // The collector lets the heap grow with the machine, whatever it holds: 256 MB of slack.
            Assert.That(large.Peak - small.Peak, Is.LessThan(256_000_000 + 900_000L * bytesPerRow));
        }
    }

    private (long Peak, double Seconds) Peak(string command, string format, int rows)
    {
        var input = Path.Combine(Bench.Folder, $"{rows}.{format}");
        if (!File.Exists(input)) Write(input, format, rows);
        var evaluation = Path.Combine(Bench.Folder, "eval.jsonl");
        File.WriteAllLines(evaluation, Enumerable.Range(0, 500).Select(row => $$"""{"problem": "{{Text(row * 1999)}}"}"""));
        string[] words = [.. command.Replace("EXT", format, StringComparison.Ordinal).Replace("EVAL", evaluation, StringComparison.Ordinal).Split(' ')];
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "pipeline.dll"), "dataset", words[0], input, .. words[1..]]) { WorkingDirectory = Bench.Folder, RedirectStandardOutput = true };
        var clock = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        var peak = 0L;
        while (!process.WaitForExit(20)) // the kernel's own high-water mark is gone with the process
        {
            process.Refresh();
            try { peak = Math.Max(peak, process.PeakWorkingSet64); }
            catch (InvalidOperationException) { } // it has ended in between
        }
        Assert.That(process.ExitCode, Is.Zero);
        return (peak, clock.Elapsed.TotalSeconds);
    }

    private static void Write(string path, string format, int rows)
    {
        if (format == "parquet") Dataset.Write(path, Enumerable.Range(0, rows).Select(row => new PromptRow([ChatMessage.User(Text(row))], $"{row}")));
        else File.WriteAllLines(path, Enumerable.Range(0, rows).Select(row => $$"""{"question": "{{Text(row)}}", "answer": "so\n#### {{row}}"}"""));
    }

    /// <summary>Forty words of five thousand; every hundredth row is one that was there before.</summary>
    private static string Text(int row)
    {
        var random = new Random(row % 100 == 0 ? row / 2 : row);
        return string.Join(' ', Enumerable.Range(0, 40).Select(_ => s_words[random.Next(s_words.Length)]));
    }
}
