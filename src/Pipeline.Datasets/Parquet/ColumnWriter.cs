using Parquet;
using Parquet.Schema;
using Pipeline.Datasets.Chat;

namespace Pipeline.Datasets.Parquet;

/// <summary>The columns of one row group: each call adds a column with its values, one per row.</summary>
public sealed class ColumnWriter
{
    private readonly List<Field> _fields;
    private readonly List<Func<ParquetRowGroupWriter, DataField, Task>> _leaves;

    internal ColumnWriter() : this([]) { }

    private ColumnWriter(List<Func<ParquetRowGroupWriter, DataField, Task>> leaves) => (_fields, _leaves) = ([], leaves);

    internal ParquetSchema Schema => new(_fields);

    /// <summary>A string in every row.</summary>
    public void Text(string name, IEnumerable<string> values) =>
        Add(new DataField(name, typeof(string), isNullable: false), values.Select(value => value.AsMemory()).ToArray());

    /// <summary>A string or null.</summary>
    public void OptionalText(string name, IEnumerable<string?> values)
    {
        var all = values.ToArray();
        Add(new DataField(name, typeof(string), isNullable: true),
            [.. all.OfType<string>().Select(value => value.AsMemory())], [.. all.Select(value => value is not null)]);
    }

    /// <summary>A 64-bit integer in every row.</summary>
    public void Integer(string name, IEnumerable<long> values) =>
        Add(new DataField<long>(name, nullable: false), values.ToArray());

    /// <summary>A double in every row; NaN where there is no number to give.</summary>
    public void Number(string name, IEnumerable<double> values) =>
        Add(new DataField<double>(name, nullable: false), values.ToArray());

    /// <summary>A double or null.</summary>
    public void OptionalNumber(string name, IEnumerable<double?> values)
    {
        var all = values.ToArray();
        Add(new DataField<double>(name, nullable: true), [.. all.OfType<double>()], [.. all.Select(value => value.HasValue)]);
    }

    /// <summary>True or false in every row.</summary>
    public void Flag(string name, IEnumerable<bool> values) =>
        Add(new DataField<bool>(name, nullable: false), values.ToArray());

    /// <summary>A struct that is there in every row; <paramref name="members"/> adds its columns.</summary>
    public void Struct(string name, Action<ColumnWriter> members)
    {
        var inner = new ColumnWriter(_leaves);
        members(inner);
        _fields.Add(new StructField(name, [.. inner._fields]));
    }

    /// <summary><c>list&lt;struct&lt;role, content&gt;&gt;</c>, the conversational form of Hugging Face's libraries.</summary>
    public void Messages(string name, IEnumerable<IReadOnlyList<ChatMessage>> values)
    {
        var conversations = values.ToArray();
        _fields.Add(new ListField(name, new StructField("element",
            new DataField("role", typeof(string), isNullable: false),
            new DataField("content", typeof(string), isNullable: false))));
        _leaves.Add((group, field) => WriteList(group, field, conversations, message => message.Role));
        _leaves.Add((group, field) => WriteList(group, field, conversations, message => message.Content));
    }

    /// <summary>Writes the columns as one row group of a file with this schema.</summary>
    internal async Task WriteAsync(ParquetWriter file, ParquetSchema schema)
    {
        using var group = file.CreateRowGroup();
        // The fields of `schema` know their levels; leaves stand in the order of its data fields.
        foreach (var (field, leaf) in schema.DataFields.Zip(_leaves)) await leaf(group, field).ConfigureAwait(false);
        group.CompleteValidate();
    }

    /// <param name="field">The column.</param>
    /// <param name="values">The values that are there, without gaps.</param>
    /// <param name="present">One per row, false for null; null if no row has a null.</param>
    private void Add<T>(DataField field, T[] values, bool[]? present = null) where T : struct
    {
        _fields.Add(field);
        _leaves.Add((group, inFile) =>
        {
            var defined = inFile.MaxDefinitionLevel;
            var rows = present ?? Enumerable.Repeat(true, values.Length);
            ReadOnlyMemory<int>? levels = null; // a required column at the top has none: an empty array is not the same
            if (defined > 0) levels = rows.Select(isThere => isThere ? defined : defined - 1).ToArray();
            return group.WriteAllPartsAsync<T>(inFile, values, levels, null, CancellationToken.None);
        });
    }

    private static Task WriteList(ParquetRowGroupWriter group, DataField field,
        IReadOnlyList<ChatMessage>[] conversations, Func<ChatMessage, string> member)
    {
        const int emptyList = 1; // the list is there (level 1), no element of it is (level 2)
        var values = new List<ReadOnlyMemory<char>>();
        var definition = new List<int>();
        var repetition = new List<int>();
        foreach (var conversation in conversations)
        {
            if (conversation.Count == 0)
            {
                definition.Add(emptyList);
                repetition.Add(0);
            }
            for (var turn = 0; turn < conversation.Count; turn++)
            {
                values.Add(member(conversation[turn]).AsMemory());
                definition.Add(field.MaxDefinitionLevel);
                repetition.Add(turn == 0 ? 0 : 1);
            }
        }
        return group.WriteAllPartsAsync<ReadOnlyMemory<char>>(
            field, values.ToArray(), definition.ToArray(), repetition.ToArray(), CancellationToken.None);
    }
}
