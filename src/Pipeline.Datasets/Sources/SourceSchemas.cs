using Pipeline.Datasets.Parquet.Rows;
using Pipeline.Datasets.Tables;

namespace Pipeline.Datasets.Sources;

/// <summary>The schemas that are known, the more particular first: the first that fits a dataset's first row is taken.</summary>
public static class SourceSchemas
{
    private const int RowsToLookAt = 100;

    /// <summary>All of them.</summary>
    public static IReadOnlyList<ISourceSchema> All { get; } =
    [
        new VerlSchema(), new OpenInstructSchema(), new PreferenceSchema(), new PointwiseSchema(), new Gsm8kSchema(), new MathSchema(),
        new MessagesSchema(), new TrlTruthSchema(), new TrlCompletionSchema(), new TrlPromptSchema(), new TextSchema(),
    ];

    /// <summary>Those that fit a dataset, by the first rows that can be read.</summary>
    /// <exception cref="DatasetException">None does, or there is no row.</exception>
    public static IReadOnlyList<ISourceSchema> Detect(Table table, Renaming renaming)
    {
        TableRow? first = null;
        foreach (var row in table.Rows().Take(RowsToLookAt))
        {
            first ??= row;
            if (row.Fields is null) continue;
            var fields = new RowFields(renaming.Of(row.Fields));
            var fitting = All.Where(schema => Fits(schema, fields)).ToList();
            if (fitting.Count > 0) return fitting;
            if (first.Fields is null) first = row;
        }
        if (first is null) throw new DatasetException(DatasetErrors.Empty, $"{table.Path} has no row.");
        throw new DatasetException(DatasetErrors.Schema, first.Fields is null
            ? $"None of the first rows of {table.Path} can be read: row {first.Number} {first.Problem}. Look whether the file is what its name says."
            : $"The columns of {table.Path} ({string.Join(", ", first.Fields.Select(field => field.Key))}) are none of a schema that is known. "
                + $"Rename some with --rename OLD=NEW. Known are {string.Join("; ", All.Select(schema => $"{schema.Name}: {schema.Summary}"))}.");
    }

    /// <summary>The schema of that name.</summary>
    /// <exception cref="DatasetException">There is none.</exception>
    public static ISourceSchema Named(string name) => All.FirstOrDefault(schema => schema.Name == name) ?? throw new DatasetException(DatasetErrors.Schema,
        $"There is no schema '{name}'. There are {string.Join(", ", All.Select(schema => schema.Name))}.");

    private static bool Fits(ISourceSchema schema, RowFields row)
    {
        try
        {
            return schema switch
            {
                ISourceSchema<PromptRow> prompts => prompts.Fits(row),
                ISourceSchema<SftRow> conversations => conversations.Fits(row),
                ISourceSchema<PreferenceRow> preferences => preferences.Fits(row),
                ISourceSchema<PointwiseRow> pointwise => pointwise.Fits(row),
                ISourceSchema<TextRow> text => text.Fits(row),
                _ => false,
            };
        }
        catch (RowException) { return false; } // a column of another type: not this schema
    }
}
