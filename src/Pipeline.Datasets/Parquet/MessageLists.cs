using Parquet.Data;
using Parquet.Schema;
using Pipeline.Datasets.Chat;

namespace Pipeline.Datasets.Parquet;

/// <summary>
/// Puts <c>list&lt;struct&lt;role, content&gt;&gt;</c> back together from its two columns. Parquet stores each as packed values
/// with two levels per slot: the repetition level is 0 where a new row begins, the definition level says how much of
/// list / element / struct / value is there (S. Melnik et al., "Dremel", VLDB 2010).
/// </summary>
internal static class MessageLists
{
    public static IReadOnlyList<ChatMessage>[] Read(
        ColumnReader columns, string name, Field turn, RawColumnData roleColumn, RawColumnData contentColumn)
    {
        var roles = (RawColumnData<ReadOnlyMemory<char>>)roleColumn;
        var contents = (RawColumnData<ReadOnlyMemory<char>>)contentColumn;
        var roleValues = roles.Values;
        var contentValues = contents.Values;
        var roleLevels = roles.DefinitionLevels;
        var contentLevels = contents.DefinitionLevels;
        var newRow = roles.RepetitionLevels;

        var members = ((StructField)turn).Fields.OfType<DataField>().ToDictionary(field => field.Name);
        var (roleThere, contentThere) = (members["role"].MaxDefinitionLevel, members["content"].MaxDefinitionLevel);
        var slotThere = turn.IsNullable ? turn.MaxDefinitionLevel - 1 : turn.MaxDefinitionLevel;

        var rows = new List<IReadOnlyList<ChatMessage>>(columns.Rows);
        List<ChatMessage> current = [];
        var (nextRole, nextContent) = (0, 0);
        for (var slot = 0; slot < roleLevels.Length; slot++)
        {
            if (newRow[slot] == 0) rows.Add(current = []);
            if (roleLevels[slot] < slotThere) continue; // an empty or null list
            if (roleLevels[slot] < roleThere || contentLevels[slot] < contentThere) throw columns.Null(name, rows.Count - 1);
            current.Add(new ChatMessage(roleValues[nextRole++].ToString(), contentValues[nextContent++].ToString()));
        }
        return [.. rows];
    }
}
