using Parquet;
using Parquet.Data;
using Parquet.Schema;
using Pipeline.Datasets.Chat;

namespace Pipeline.Datasets.Parquet;

/// <summary>
/// The columns of one row group, asked for by name and type. A member of a struct is named with a slash:
/// <c>reward_model/ground_truth</c>. Widths are not held against a file: an int32 reads as an integer, a float as a number.
/// </summary>
public sealed class ColumnReader
{
    private readonly string _file;
    private readonly ParquetSchema _schema;
    private readonly ParquetRowGroupReader _group;

    internal ColumnReader(string file, ParquetSchema schema, ParquetRowGroupReader group) =>
        (_file, _schema, _group) = (file, schema, group);

    /// <summary>Rows in this row group.</summary>
    public int Rows => checked((int)_group.RowCount);

    /// <summary>The columns of the file at the top level, in file order.</summary>
    public IEnumerable<string> Names => _schema.Fields.Select(column => column.Name);

    /// <summary>The type of a column in words, such as <c>list&lt;struct&lt;role: string, content: string&gt;&gt;</c>.</summary>
    public string TypeOf(string name) => Describe(Required(name));

    /// <summary>The members of a struct; none for a column that is no struct.</summary>
    public IReadOnlyList<string> MembersOf(string name) =>
        Find(name) is StructField record ? [.. record.Fields.Select(member => member.Name)] : [];

    /// <summary>Whether there is a column of that name.</summary>
    public bool Has(string name) => Find(name) is not null;

    /// <summary>Whether the column holds floating-point numbers.</summary>
    public bool IsNumber(string name) => Find(name) is DataField { IsArray: false } field
        && (field.ClrType == typeof(double) || field.ClrType == typeof(float));

    /// <summary>Whether the column holds strings.</summary>
    public bool IsText(string name) => Find(name) is DataField { IsArray: false } field && field.ClrType == typeof(ReadOnlyMemory<char>);

    /// <summary>Whether the column holds integers of 32 or 64 bits.</summary>
    public bool IsInteger(string name) => Find(name) is DataField { IsArray: false } field
        && (field.ClrType == typeof(long) || field.ClrType == typeof(int));

    /// <summary>A string in every row.</summary>
    public string[] Text(string name) => NoNulls(name, ReadText(name))!;

    /// <summary>A string or null; all null if there is no such column.</summary>
    public string?[] OptionalText(string name) => Has(name) ? ReadText(name) : new string?[Rows];

    /// <summary>An integer of any width in every row.</summary>
    public long[] Integer(string name) => [.. NoNulls(name, ReadIntegers(name)).Select(value => value!.Value)];

    /// <summary>An integer of any width or null; all null if there is no such column.</summary>
    public long?[] OptionalInteger(string name) => Has(name) ? ReadIntegers(name) : new long?[Rows];

    /// <summary>A number in every row.</summary>
    public double[] Number(string name) => [.. NoNulls(name, ReadNumbers(name)).Select(value => value!.Value)];

    /// <summary>A number or null; all null if there is no such column.</summary>
    public double?[] OptionalNumber(string name) => Has(name) ? ReadNumbers(name) : new double?[Rows];

    /// <summary>A boolean in every row, or a number that is false where it is 0.</summary>
    public bool[] Flag(string name) => Raw(name) is var raw && raw is RawColumnData<bool> flags
        ? [.. NoNulls(name, Spread<bool, bool?>(flags, name, value => value)).Select(value => value!.Value)]
        : [.. Number(name).Select(value => value != 0)];

    /// <summary>Conversations; a plain string becomes one turn of <paramref name="roleOfText"/>.</summary>
    public IReadOnlyList<ChatMessage>[] Messages(string name, string roleOfText = ChatMessage.UserRole) => Required(name) switch
    {
        ListField { Item: StructField turn } list =>
            MessageLists.Read(this, name, list.Item, Raw(Member(turn, name, "role")), Raw(Member(turn, name, "content"))),
        DataField => [.. Text(name).Select(text => (IReadOnlyList<ChatMessage>)[new ChatMessage(roleOfText, text)])],
        var other => throw WrongType(name, "a list of {role, content} or a string", Describe(other)),
    };

    /// <summary>A completion: a plain string, or a conversation of one turn whose content is meant.</summary>
    public string[] Completion(string name) => [.. Messages(name, ChatMessage.AssistantRole).Select((turns, row) =>
        turns.Count == 1 ? turns[0].Content : throw WrongType(name, "one turn", $"{turns.Count} turns in row {row}"))];

    internal DatasetException Null(string name, int row) => new(DatasetErrors.ColumnNull,
        $"Column '{name}' of {_file} is null in row {row} of its row group. Drop or fill such rows.");

    private string?[] ReadText(string name) => Raw(name) is RawColumnData<ReadOnlyMemory<char>> text
        ? Spread<ReadOnlyMemory<char>, string?>(text, name, value => value.ToString())
        : throw WrongType(name, "string", Describe(Required(name)));

    private long?[] ReadIntegers(string name) => Raw(name) switch
    {
        RawColumnData<long> values => Spread<long, long?>(values, name, value => value),
        RawColumnData<int> values => Spread<int, long?>(values, name, value => value),
        RawColumnData<short> values => Spread<short, long?>(values, name, value => value),
        RawColumnData<sbyte> values => Spread<sbyte, long?>(values, name, value => value),
        RawColumnData<byte> values => Spread<byte, long?>(values, name, value => value),
        RawColumnData<ushort> values => Spread<ushort, long?>(values, name, value => value),
        RawColumnData<uint> values => Spread<uint, long?>(values, name, value => value),
        _ => throw WrongType(name, "integer", Describe(Required(name))),
    };

    private double?[] ReadNumbers(string name) => Raw(name) switch
    {
        RawColumnData<double> values => Spread<double, double?>(values, name, value => value),
        RawColumnData<float> values => Spread<float, double?>(values, name, value => value),
        _ => [.. ReadIntegers(name).Select(value => (double?)value)],
    };

    /// <summary>Puts the packed values of a column back into rows, with nulls where the definition level says so.</summary>
    private TRow[] Spread<T, TRow>(RawColumnData<T> raw, string name, Func<T, TRow> convert) where T : struct
    {
        var maxDefinition = ((DataField)Required(name)).MaxDefinitionLevel;
        var rows = new TRow[Rows];
        var values = raw.Values;
        var next = 0;
        for (var row = 0; row < rows.Length; row++)
            if (maxDefinition == 0 || raw.DefinitionLevels[row] == maxDefinition) rows[row] = convert(values[next++]);
        return rows;
    }

    private T[] NoNulls<T>(string name, T[] rows)
    {
        var missing = Array.FindIndex(rows, row => row is null);
        return missing < 0 ? rows : throw Null(name, missing);
    }

    private RawColumnData Raw(string name) => Required(name) is DataField { MaxRepetitionLevel: 0 } field
        ? Raw(field)
        : throw WrongType(name, "a plain value", Describe(Required(name)));

    private RawColumnData Raw(DataField field) =>
        Dataset.Await(_file, () => _group.ReadRawColumnDataBaseAsync(field, CancellationToken.None).AsTask());

    private DataField Member(StructField turn, string name, string member) =>
        turn.Fields.OfType<DataField>()
            .FirstOrDefault(field => field.Name == member && field.ClrType == typeof(ReadOnlyMemory<char>))
        ?? throw WrongType(name, $"turns with a string '{member}'", Describe(turn));

    private Field Required(string name) => Find(name) ?? throw new DatasetException(DatasetErrors.ColumnMissing,
        $"{_file} has no column '{name}'; it has {string.Join(", ", Names)}. Rename a column, or convert the dataset.");

    private Field? Find(string name) => name.Split('/') switch
    {
        [var column, var member] => (Find(column) as StructField)?.Fields.FirstOrDefault(field => field.Name == member),
        _ => _schema.Fields.FirstOrDefault(field => field.Name == name),
    };

    private DatasetException WrongType(string name, string wanted, string found) => new(DatasetErrors.ColumnType,
        $"Column '{name}' of {_file} should be {wanted}, but is {found}. Convert the dataset.");

    private static string Describe(Field field) => field switch
    {
        ListField list => $"list<{Describe(list.Item)}>",
        StructField record => $"struct<{string.Join(", ", record.Fields.Select(member => $"{member.Name}: {Describe(member)}"))}>",
        DataField { ClrType: var type } => type == typeof(ReadOnlyMemory<char>) ? "string" : type.Name,
        _ => field.SchemaType.ToString(),
    };
}
