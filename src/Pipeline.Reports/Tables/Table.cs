namespace Pipeline.Reports.Tables;

/// <summary>A table of the report, the same for every writer.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="Columns">Its columns; the first names the row.</param>
/// <param name="Rows">A text per column.</param>
/// <param name="Legend">What the columns mean, for those who do not know.</param>
internal sealed record Table(string Title, IReadOnlyList<Column> Columns, IReadOnlyList<IReadOnlyList<string>> Rows, string Legend = "");

/// <summary>A column of a <see cref="Table"/>.</summary>
/// <param name="Name">Its heading.</param>
/// <param name="IsNumber">Whether it is aligned to the right.</param>
internal sealed record Column(string Name, bool IsNumber = true);
