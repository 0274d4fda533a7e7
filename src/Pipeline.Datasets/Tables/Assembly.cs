using System.Text.Json.Nodes;
using Parquet.Schema;

namespace Pipeline.Datasets.Tables;

/// <summary>Puts the values of one column back together, a row at a time.</summary>
internal interface IAssembly
{
    /// <summary>The leaf that says whether there is anything.</summary>
    Leaf First { get; }

    /// <summary>Takes the value of the current row, or of the current element of a list.</summary>
    JsonNode? Next();
}

/// <summary>Makes the assembly of a column from its type.</summary>
internal static class Assembly
{
    /// <param name="field">The column, or what is within it.</param>
    /// <param name="leaves">The columns of plain values, by path.</param>
    /// <param name="definition">The definition level of what encloses it, being there.</param>
    /// <param name="repetition">The repetition level of what encloses it.</param>
    public static IAssembly Of(Field field, IReadOnlyDictionary<FieldPath, Leaf> leaves, int definition, int repetition)
    {
        var there = definition + (field.IsNullable ? 1 : 0);
        return field switch
        {
            DataField { IsArray: true } plain => new ListAssembly(new PlainAssembly(leaves[plain.Path]), plain.MaxDefinitionLevel, definition, plain.MaxRepetitionLevel),
            DataField plain => new PlainAssembly(leaves[plain.Path]),
            StructField record => new StructAssembly([.. record.Fields.Select(member => (member.Name, Of(member, leaves, there, repetition)))], there),
            ListField list => new ListAssembly(Of(list.Item, leaves, there + 1, repetition + 1), there + 1, there, repetition + 1),
            MapField map => new MapAssembly(Of(map.Key, leaves, there + 1, repetition + 1), Of(map.Value, leaves, there + 1, repetition + 1), there + 1, there, repetition + 1),
            _ => throw new DatasetException(DatasetErrors.ColumnType, $"Column '{field.Path}' has a type that is not read ({field.SchemaType}). Drop it."),
        };
    }

    private sealed record PlainAssembly(Leaf First) : IAssembly
    {
        public JsonNode? Next() => First.Next();
    }

    private sealed record StructAssembly((string Name, IAssembly Values)[] Members, int There) : IAssembly
    {
        public Leaf First => Members[0].Values.First;

        public JsonNode? Next()
        {
            var isThere = First.Definition >= There;
            var fields = new JsonObject();
            foreach (var (name, values) in Members) fields[name] = values.Next(); // a slot of each is taken though nothing be there
            return isThere ? fields : null;
        }
    }

    /// <param name="Item">One element.</param>
    /// <param name="ElementThere">Definition level from which there is an element.</param>
    /// <param name="ListThere">Definition level from which there is a list, though it be empty.</param>
    /// <param name="Again">Repetition level of a further element.</param>
    private sealed record ListAssembly(IAssembly Item, int ElementThere, int ListThere, int Again) : IAssembly
    {
        public Leaf First => Item.First;

        public JsonNode? Next()
        {
            var definition = First.Definition;
            var first = Item.Next();
            if (definition < ElementThere) return definition >= ListThere ? new JsonArray() : null;
            var list = new JsonArray { first };
            while (!First.Ended && First.Repetition == Again) list.Add(Item.Next());
            return list;
        }
    }

    /// <inheritdoc cref="ListAssembly"/>
    private sealed record MapAssembly(IAssembly Key, IAssembly Value, int ElementThere, int ListThere, int Again) : IAssembly
    {
        public Leaf First => Key.First;

        public JsonNode? Next()
        {
            var definition = First.Definition;
            var map = new JsonObject();
            Add(map, definition >= ElementThere);
            if (definition < ElementThere) return definition >= ListThere ? map : null;
            while (!First.Ended && First.Repetition == Again) Add(map, true);
            return map;
        }

        private void Add(JsonObject map, bool isThere)
        {
            var (key, value) = (Key.Next(), Value.Next());
            if (isThere) map[key?.ToString() ?? ""] = value;
        }
    }
}
