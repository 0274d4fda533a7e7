using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.Cli.Output;
using Pipeline.Datasets.Tables;

namespace Pipeline.Cli.Commands.Datasets;

/// <summary><c>pipeline dataset head FILE</c>: the first rows.</summary>
internal static class DatasetHead
{
    private const int Shown = 400;

    public static Command Create(Terminal terminal)
    {
        var command = new Command("head", "Show the first rows.");
        var (file, json) = (DatasetArguments.File(), SharedOptions.Json());
        var rows = new Option<int>("-n", "--rows") { Description = "How many rows.", HelpName = "N", DefaultValueFactory = _ => 3 };
        var full = new Option<bool>("--full") { Description = $"Show values whole, not their first {Shown} characters." };
        command.Arguments.Add(file);
        foreach (var option in (Option[])[rows, full, json]) command.Options.Add(option);
        command.SetAction(parsed =>
        {
            var first = Table.Open(parsed.GetValue(file)!).Rows().Take(parsed.GetValue(rows)).ToList();
            if (parsed.GetValue(json)) Json.Write(terminal, first.Select(row => new { Row = row.Number, row.Problem, row.Fields }));
            else foreach (var row in first) Print(row, parsed.GetValue(full) ? int.MaxValue : Shown, terminal);
            return ExitCode.Done;
        });
        return command;
    }

    private static void Print(TableRow row, int length, Terminal terminal)
    {
        terminal.Out.WriteLine(Printable.Line($"row {row.Number}{(row.Problem is null ? "" : $" {row.Problem}")}"));
        foreach (var (name, value) in row.Fields ?? [])
        {
            var text = Text(value);
            if (text.Length > length) text = $"{text[..length]}… ({text.Length} characters)";
            terminal.Out.WriteLine($"  {Printable.Line(name)}: {Printable.Of(text).ReplaceLineEndings("\n    ")}");
        }
    }

    private static string Text(JsonNode? value) => value switch
    {
        null => "null",
        JsonValue => value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString(),
        _ => value.ToJsonString(s_readable),
    };

    // Printed for people, not put into pages: quotes and other scripts stand as they are.
    private static readonly JsonSerializerOptions s_readable = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
