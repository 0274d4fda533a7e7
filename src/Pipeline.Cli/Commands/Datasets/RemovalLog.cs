using System.Text.Json;
using Pipeline.Cli.Output;
using Pipeline.Datasets.Cleaning;
using Pipeline.Datasets.Tables;
using Pipeline.Protocol;

namespace Pipeline.Cli.Commands.Datasets;

/// <summary>Tells of rows that were taken out: all of them to a file, the first few on the terminal.</summary>
internal sealed class RemovalLog : IDisposable
{
    private const int ShownRows = 5;

    private readonly WholeFiles? _files;
    private readonly StreamWriter? _file;
    private readonly List<Removal> _first = [];

    /// <param name="path">The file, which is there whole or not at all; null for none.</param>
    public RemovalLog(string? path)
    {
        if (path is null) return;
        _files = new WholeFiles([path]);
        _file = new StreamWriter(_files.Streams[0], leaveOpen: true);
    }

    public void Add(Removal removal)
    {
        if (_first.Count < ShownRows) _first.Add(removal);
        _file?.WriteLine(JsonSerializer.Serialize(removal, ProtocolJson.Line));
    }

    /// <summary>Prints what became of the rows.</summary>
    public void Print(CleaningCounts counts, string output, bool json, Terminal terminal)
    {
        if (json)
        {
            Json.Write(terminal, new { counts.Rows, counts.Kept, counts.Removed, counts.Bytes, Output = Path.GetFullPath(output), First = _first });
            return;
        }
        foreach (var removal in _first)
        {
            var of = removal.OfFile is null ? $"row {removal.Of}" : $"row {removal.Of} of {removal.OfFile}";
            terminal.Out.WriteLine(Printable.Line($"row {removal.Row} {Verb(removal.Reason)} {of}: {Excerpt(removal.Text)}"));
        }
        var removed = counts.Removed.Values.Sum();
        if (removed > _first.Count) terminal.Out.WriteLine($"… and {removed - _first.Count} more{(_file is null ? "; --removed FILE writes them all" : "")}.");
        var reasons = counts.Removed.Count == 0 ? "none" : string.Join(", ", counts.Removed.Select(reason => $"{reason.Value} {reason.Key}"));
        terminal.Out.WriteLine(FormattableString.Invariant($"{counts.Rows} rows: {counts.Kept} kept in {output}, removed: {reasons}. Held to compare with: {counts.Bytes / 1e6:0.0} MB."));
    }

    /// <summary>Gives the file its name, when all is noted.</summary>
    public void Publish()
    {
        _file?.Flush();
        _files?.Publish();
    }

    public void Dispose() => _files?.Dispose();

    private static string Verb(string reason) => reason switch { "duplicate" => "repeats", "near_duplicate" => "nearly repeats", _ => "shares words with" };

    private static string Excerpt(string text) => text.Length <= 90 ? text : $"{text[..90]}…";
}
