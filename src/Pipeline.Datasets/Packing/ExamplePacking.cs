namespace Pipeline.Datasets.Packing;

/// <summary>Lays short examples end to end in rows, so that a batch of unequal lengths wastes little on padding.</summary>
public static class ExamplePacking
{
    private static readonly (int, int) s_end = (int.MaxValue, int.MaxValue);

    /// <summary>
    /// Best-fit decreasing: the longest example first, each into the fullest row that has room for it. It needs at most
    /// 11/9 of the rows of the best packing, plus one (Johnson et al., SIAM J. Comput. 3, 1974).
    /// </summary>
    /// <param name="examples">None empty, all kept whole; one longer than <paramref name="capacity"/> gets a row of its own.</param>
    /// <param name="capacity">Tokens of a row.</param>
    /// <returns>Rows of at least one example, the same for the same examples.</returns>
    public static IReadOnlyList<IReadOnlyList<TokenExample>> BestFitDecreasing(IEnumerable<TokenExample> examples, int capacity)
    {
        var rows = new List<List<TokenExample>>();
        // Rows by the room they have left; of several with as much, the oldest, so that the outcome depends on nothing else.
        var byRoom = new SortedSet<(int Room, int Row)>();
        foreach (var example in examples.OrderByDescending(example => example.Length)) // stable
        {
            var (room, row) = byRoom.GetViewBetween((example.Length, 0), s_end).Min;
            if (room == 0) (room, row) = (Math.Max(capacity, example.Length), rows.Count); // none has room
            if (row == rows.Count) rows.Add([]);
            else byRoom.Remove((room, row));
            rows[row].Add(example);
            byRoom.Add((room - example.Length, row));
        }
        return rows;
    }
}
