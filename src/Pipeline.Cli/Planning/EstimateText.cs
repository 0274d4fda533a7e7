using System.Globalization;
using Pipeline.Cli.Output;
using Pipeline.Spec.Estimates;
using Spectre.Console;

namespace Pipeline.Cli.Planning;

/// <summary>Prints estimates for people. <c>≤</c> is before what is only a bound, <c>?</c> stands for what is not known.</summary>
internal static class EstimateText
{
    private const int ShownText = 300;
    private const int ShownStages = 3;

    public static void Print(IReadOnlyList<StageEstimate> estimates, EstimateSettings settings, Terminal terminal)
    {
        var table = new Table().Border(TableBorder.None).AddColumn("stage");
        foreach (var heading in (string[])["weights", "steps", "trained", "sampled", "FLOP", "GPU-h", "cost", "memory", "checkpoints"])
            if (heading != "cost" || settings.PricePerGpuHour is not null) table.AddColumn(new TableColumn(heading).RightAligned());
        foreach (var stage in estimates.Where(IsWork))
        {
            string[] cells =
            [
                stage.Stage, Number(stage.Parameters is { } weights ? new Amount(weights) : null), Trains(stage) ? Number(stage.Steps) : "", Number(stage.TrainedTokens), Number(stage.SampledTokens),
                Number(stage.Flops), Number(stage.GpuHours), Number(stage.Cost), stage.Memory is { } memory ? Bytes(new Amount(memory.Peak)) : "?", Trains(stage) ? Bytes(stage.CheckpointBytes) : "",
            ];
            table.AddRow([.. cells.Where((_, column) => column != 7 || settings.PricePerGpuHour is not null).Select(cell => new Text(cell))]);
        }
        terminal.Out.WriteLine();
        terminal.Ansi.Write(table);
        foreach (var note in estimates.Where(IsWork).SelectMany(stage => stage.Notes.Select(note => (stage.Stage, Note: note))).GroupBy(note => note.Note, note => note.Stage))
            terminal.Out.WriteLine(Printable.Line($"  {Names([.. note.Distinct()])}: {note.Key}"));
        if (estimates.Any(stage => stage.Memory is not null))
            terminal.Out.WriteLine("  memory is what a step with rows of the longest length needs; processes have held up to 2.9 times as much at such steps");
        if (estimates.All(stage => stage.GpuHours is null))
        {
            terminal.Out.WriteLine("What the stages take is not known before models and datasets are there.");
            return;
        }
        var total = Amount.Sum(estimates.Where(stage => IsWork(stage) && stage.GpuHours is not null).Select(stage => stage.GpuHours))!;
        var cost = settings.PricePerGpuHour is { } price ? $", {Number(total * price)} at {price.ToString(CultureInfo.InvariantCulture)} an hour" : "";
        terminal.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"In all {Number(total)} GPU-hours{cost} for what is known, on devices of {settings.DeviceTflops:0.###} TFLOP/s of which training reaches {100 * settings.Utilisation:0.#} % and sampling {100 * settings.SamplingUtilisation:0.#} %."));
    }

    public static void Print(IReadOnlyList<DatasetGlance> glances, Terminal terminal)
    {
        foreach (var glance in glances)
        {
            terminal.Out.WriteLine();
            var rows = glance.Rows is { } all ? $"{all} rows" : "rows not counted";
            var tokens = glance.MeanTokens is { } mean ? string.Create(CultureInfo.InvariantCulture, $", {mean:0.#} tokens on the average and {glance.LongestTokens} at most") : "";
            var characters = glance.MeanCharacters is { } length ? string.Create(CultureInfo.InvariantCulture, $", {length:0.#} characters on the average") : "";
            terminal.Out.WriteLine(Printable.Line($"{glance.Stage}, {glance.Input}: {glance.Path}: {rows}; columns {string.Join(", ", glance.Columns)}; in the first {glance.Looked} rows{characters}{tokens}"));
            foreach (var warning in glance.Warnings) terminal.Out.WriteLine(Printable.Line($"  warning: {warning}"));
            if (glance.FirstRow is { } first)
                terminal.Out.WriteLine($"  the first row as the model reads it:\n    {Printable.Of(first.Length > ShownText ? $"{first[..ShownText]}…" : first).ReplaceLineEndings("\n    ")}");
        }
    }

    private static string Names(IReadOnlyList<string> stages) => stages.Count <= ShownStages ? string.Join(", ", stages) : $"{stages.Count} stages, {stages[0]} the first";

    private static bool Trains(StageEstimate stage) => stage.TrainedTokens is not { Value: 0 };

    private static bool IsWork(StageEstimate stage) => stage.Parameters is not null || stage.TrainedTokens is not null || stage.SampledTokens is not null || stage.Steps is not null;

    private static string Number(Amount? amount) => Text(amount, value => value switch
    {
        0 => "0",
        < 0.01 => value.ToString("0.#E+0", CultureInfo.InvariantCulture),
        < 1e3 => value.ToString("0.##", CultureInfo.InvariantCulture),
        < 1e6 => string.Create(CultureInfo.InvariantCulture, $"{value / 1e3:0.#}k"),
        < 1e9 => string.Create(CultureInfo.InvariantCulture, $"{value / 1e6:0.#}M"),
        < 1e12 => string.Create(CultureInfo.InvariantCulture, $"{value / 1e9:0.#}B"),
        _ => value.ToString("0.##E+0", CultureInfo.InvariantCulture),
    });

    private static string Bytes(Amount? amount) => Text(amount, value => value switch
    {
        < 1e9 => string.Create(CultureInfo.InvariantCulture, $"{value / 1e6:0} MB"),
        < 1e12 => string.Create(CultureInfo.InvariantCulture, $"{value / 1e9:0.#} GB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{value / 1e12:0.#} TB"),
    });

    private static string Text(Amount? amount, Func<double, string> text) => amount is null ? "?" : $"{(amount.AtMost ? "≤" : "")}{text(amount.Value)}";
}
