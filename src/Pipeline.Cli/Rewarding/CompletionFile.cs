using Pipeline.Datasets;
using Pipeline.Datasets.Parquet;

namespace Pipeline.Cli.Rewarding;

/// <summary>Reads completions.</summary>
internal static class CompletionFile
{
    /// <summary>Whether a file of that name is one of JSON lines.</summary>
    public static bool IsJsonLines(string path) => path.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase);

    /// <summary>The rows of a Parquet file or folder, or of a file of JSON lines (.jsonl), by number from 1; blank lines count and are no rows.</summary>
    /// <exception cref="CliException">It is missing, or cannot be read as what its name says.</exception>
    public static IReadOnlyList<(int Number, CompletionRow Row)> Read(string path)
    {
        if (!File.Exists(path) && !Directory.Exists(path)) throw new CliException("REWARD_INPUT", $"There is no file {path}.", ExitCode.NotFound);
        try { return IsJsonLines(path) ? Lines(path) : [.. Dataset.Stream<CompletionRow>(path).Select((row, index) => (index + 1, row))]; }
        catch (DatasetException error) { throw new CliException("REWARD_INPUT", $"{error.Message} Rows are read as .parquet or .jsonl.", ExitCode.Usage); }
    }

    private static List<(int, CompletionRow)> Lines(string path) =>
        [.. File.ReadLines(path).Index().Where(line => !string.IsNullOrWhiteSpace(line.Item)).Select(line => (line.Index + 1, CompletionRow.Of(line.Item)))];
}
