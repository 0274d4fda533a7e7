using System.Globalization;
using System.Text.Json.Nodes;
using Parquet;
using Parquet.Data;
using Parquet.Schema;

namespace Pipeline.Datasets.Tables;

/// <summary>
/// A column of plain values as Parquet packs it: the values that are there, and two levels per slot (S. Melnik et al., "Dremel",
/// VLDB 2010). The repetition level is 0 where a row begins, the definition level says how much of the path to the value is there.
/// </summary>
/// <remarks>
/// Parquet.Net 6.1 puts rows of any type together as well (<c>ParquetSerializer.DeserializeUntypedAsync</c>), but makes null of an empty
/// list of plain values, also on writing; a copy must be what it is a copy of.
/// </remarks>
internal abstract class Leaf(DataField field, RawColumnData raw) : IDisposable
{
    private int _slot;
    private int _value;

    public DataField Field { get; } = field;

    /// <summary>Whether no slot is left.</summary>
    public abstract bool Ended { get; }

    /// <summary>The definition level of the next slot.</summary>
    public int Definition => Field.MaxDefinitionLevel == 0 ? 0 : raw.DefinitionLevels[_slot];

    /// <summary>The repetition level of the next slot.</summary>
    public int Repetition => Field.MaxRepetitionLevel == 0 ? 0 : raw.RepetitionLevels[_slot];

    private protected int Slot => _slot;

    public static Leaf Of(DataField field, RawColumnData raw) => raw switch
    {
        RawColumnData<ReadOnlyMemory<char>> values => new Leaf<ReadOnlyMemory<char>>(field, values, value => JsonValue.Create(value.ToString())),
        RawColumnData<ReadOnlyMemory<byte>> values => new Leaf<ReadOnlyMemory<byte>>(field, values, value => JsonValue.Create(Convert.ToBase64String(value.Span))),
        RawColumnData<bool> values => new Leaf<bool>(field, values, value => JsonValue.Create(value)),
        RawColumnData<byte> values => new Leaf<byte>(field, values, value => JsonValue.Create(value)),
        RawColumnData<sbyte> values => new Leaf<sbyte>(field, values, value => JsonValue.Create(value)),
        RawColumnData<short> values => new Leaf<short>(field, values, value => JsonValue.Create(value)),
        RawColumnData<ushort> values => new Leaf<ushort>(field, values, value => JsonValue.Create(value)),
        RawColumnData<int> values => new Leaf<int>(field, values, value => JsonValue.Create(value)),
        RawColumnData<uint> values => new Leaf<uint>(field, values, value => JsonValue.Create(value)),
        RawColumnData<long> values => new Leaf<long>(field, values, value => JsonValue.Create(value)),
        RawColumnData<ulong> values => new Leaf<ulong>(field, values, value => JsonValue.Create(value)),
        RawColumnData<float> values => new Leaf<float>(field, values, value => float.IsFinite(value) ? JsonValue.Create(value) : null),
        RawColumnData<double> values => new Leaf<double>(field, values, value => double.IsFinite(value) ? JsonValue.Create(value) : null),
        RawColumnData<decimal> values => new Leaf<decimal>(field, values, value => JsonValue.Create(value)),
        RawColumnData<DateTime> values => new Leaf<DateTime>(field, values, value => JsonValue.Create(value.ToString("O", CultureInfo.InvariantCulture))),
        RawColumnData<DateOnly> values => new Leaf<DateOnly>(field, values, value => JsonValue.Create(value.ToString("O", CultureInfo.InvariantCulture))),
        RawColumnData<TimeSpan> values => new Leaf<TimeSpan>(field, values, value => JsonValue.Create(value.ToString())),
        RawColumnData<Guid> values => new Leaf<Guid>(field, values, value => JsonValue.Create(value.ToString())),
        _ => throw new DatasetException(DatasetErrors.ColumnType,
            $"Column '{field.Path}' has the type {field.ClrType.Name}, which is not read. Drop it, or write it as text."),
    };

    /// <summary>The value of the next slot, or null if it has none.</summary>
    public JsonNode? Next()
    {
        var there = Definition == Field.MaxDefinitionLevel;
        _slot++;
        return there ? At(_value++) : null;
    }

    public void Rewind() => (_slot, _value) = (0, 0);

    public abstract Task Write(ParquetRowGroupWriter group, DataField target, bool[] kept);

    public void Dispose() => raw.Dispose();

    private protected abstract JsonNode? At(int value);
}

/// <inheritdoc cref="Leaf"/>
internal sealed class Leaf<T>(DataField field, RawColumnData<T> raw, Func<T, JsonNode?> convert) : Leaf(field, raw) where T : struct
{
    private int Slots => Field.MaxDefinitionLevel > 0 ? raw.DefinitionLevels.Length : Field.MaxRepetitionLevel > 0 ? raw.RepetitionLevels.Length : raw.Values.Length;

    public override bool Ended => Slot >= Slots;

    public override Task Write(ParquetRowGroupWriter group, DataField target, bool[] kept)
    {
        var values = new List<T>();
        var definition = new List<int>();
        var repetition = new List<int>();
        var (row, value) = (-1, 0);
        for (var slot = 0; slot < Slots; slot++)
        {
            var (defined, repeated) = (Field.MaxDefinitionLevel == 0 ? 0 : raw.DefinitionLevels[slot], Field.MaxRepetitionLevel == 0 ? 0 : raw.RepetitionLevels[slot]);
            if (repeated == 0) row++;
            var there = defined == Field.MaxDefinitionLevel;
            if (kept[row])
            {
                if (there) values.Add(raw.Values[value]);
                definition.Add(defined);
                repetition.Add(repeated);
            }
            if (there) value++;
        }
        // A column without levels has none: an empty array is not the same.
        ReadOnlyMemory<int>? definitions = null, repetitions = null;
        if (Field.MaxDefinitionLevel > 0) definitions = definition.ToArray();
        if (Field.MaxRepetitionLevel > 0) repetitions = repetition.ToArray();
        return group.WriteAllPartsAsync<T>(target, values.ToArray(), definitions, repetitions, CancellationToken.None);
    }

    private protected override JsonNode? At(int value) => convert(raw.Values[value]);
}
