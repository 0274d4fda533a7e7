namespace Pipeline.Server.Graphs;

/// <summary>
/// Lays out a directed acyclic graph in columns, after Sugiyama, Tagawa and Toda (1981): a node stands one column
/// behind the last of those that lead to it; an edge over several columns takes a place in each; nodes are sorted by
/// the mean place of their neighbours, which undoes most crossings.
/// </summary>
internal sealed class LayeredLayout
{
    private const int Sweeps = 24; // rows settle in about twenty; the order hardly changes after eight

    // How strongly a link wants to be straight. A kink hurts the eye more in the middle of a long line (Gansner et al. 1993).
    private const double BetweenNodes = 1;
    private const double AtABend = 2;
    private const double BetweenBends = 8;

    private readonly int _nodes;
    private readonly List<List<int>> _layers = [];
    private readonly List<(int From, int To)> _links = []; // between neighbouring columns
    private readonly List<double> _row = [];
    private readonly List<int> _column = [];

    private LayeredLayout(int nodes) => _nodes = nodes;

    /// <summary>Column of each node.</summary>
    public IReadOnlyList<int> Column => _column;

    /// <summary>Row of each node.</summary>
    public IReadOnlyList<double> Row => _row;

    /// <summary>Number of columns.</summary>
    public int Columns => _layers.Count;

    /// <summary>Number of rows.</summary>
    public double Rows { get; private set; }

    /// <summary>For each edge the rows at which it passes the columns between its ends.</summary>
    public IReadOnlyList<IReadOnlyList<double>> Passes { get; private set; } = [];

    /// <summary>The layout of nodes 0 to <paramref name="nodes"/> - 1, numbered so that each edge leads to a higher number.</summary>
    public static LayeredLayout Of(int nodes, IReadOnlyList<(int From, int To)> edges)
    {
        var layout = new LayeredLayout(nodes);
        if (nodes == 0) return layout;
        layout.AssignColumns(edges);
        var bends = edges.Select(layout.Thread).ToList();
        for (var sweep = 0; sweep < Sweeps; sweep++) layout.Sort(forward: sweep % 2 == 0);
        layout.AssignRows();
        layout.Passes = [.. bends.Select(bend => bend.Select(node => layout._row[node]).ToArray())];
        return layout;
    }

    private void AssignColumns(IReadOnlyList<(int From, int To)> edges)
    {
        var columns = new int[_nodes];
        foreach (var (from, to) in edges.OrderBy(edge => edge.To)) columns[to] = Math.Max(columns[to], columns[from] + 1);
        for (var node = 0; node < _nodes; node++) Place(columns[node]);
    }

    private int Place(int column)
    {
        while (_layers.Count <= column) _layers.Add([]);
        _layers[column].Add(_column.Count);
        _column.Add(column);
        _row.Add(_layers[column].Count - 1);
        return _column.Count - 1;
    }

    // An edge over several columns becomes a chain of links, with a bend in each column between.
    private List<int> Thread((int From, int To) edge)
    {
        var bends = new List<int>();
        var last = edge.From;
        for (var column = _column[edge.From] + 1; column < _column[edge.To]; column++)
        {
            var bend = Place(column);
            _links.Add((last, bend));
            bends.Add(bend);
            last = bend;
        }
        _links.Add((last, edge.To));
        return bends;
    }

    private void Sort(bool forward)
    {
        var neighbours = (forward ? _links.ToLookup(link => link.To, link => link.From) : _links.ToLookup(link => link.From, link => link.To));
        foreach (var layer in forward ? _layers : Enumerable.Reverse(_layers))
        {
            int[] sorted = [.. layer.OrderBy(node => neighbours[node].Select(other => _row[other]).DefaultIfEmpty(_row[node]).Average())];
            for (var i = 0; i < sorted.Length; i++) (layer[i], _row[sorted[i]]) = (sorted[i], i);
        }
    }

    // A node is drawn towards the mean of its neighbours on both sides, but keeps one row's distance in its column.
    private void AssignRows()
    {
        var neighbours = _links.Concat(_links.Select(link => (From: link.To, To: link.From))).ToLookup(link => link.From, link => link.To);
        for (var sweep = 0; sweep < Sweeps; sweep++)
            foreach (var layer in sweep % 2 == 0 ? _layers : Enumerable.Reverse(_layers))
                Spread(layer, [.. layer.Select(node => (Mean(node, neighbours[node]), neighbours[node].Sum(other => Pull(node, other)) + BetweenNodes))]);
        var top = _row.Min();
        for (var node = 0; node < _row.Count; node++) _row[node] = Math.Floor(2 * (_row[node] - top) + 0.5) / 2; // half rows: a line is straight or bends
        Rows = _row.Max() + 1;
    }

    private double Mean(int node, IEnumerable<int> neighbours)
    {
        var (sum, pull) = (0.0, 0.0);
        foreach (var other in neighbours) (sum, pull) = (sum + Pull(node, other) * _row[other], pull + Pull(node, other));
        return pull > 0 ? sum / pull : _row[node];
    }

    private double Pull(int node, int other) => (node < _nodes, other < _nodes) switch
    {
        (true, true) => BetweenNodes,
        (false, false) => BetweenBends,
        _ => AtABend,
    };

    // The nearest places to those wished for that are one row apart: neighbours that are too close move as one block,
    // to the mean of what its nodes wish for, each with its weight (isotonic regression).
    private void Spread(List<int> layer, (double Row, double Weight)[] wished)
    {
        var blocks = new List<(double Top, double Weight, int Count)>();
        for (var i = 0; i < layer.Count; i++)
        {
            var block = (Top: wished[i].Row, wished[i].Weight, Count: 1);
            while (blocks.Count > 0 && blocks[^1].Top + blocks[^1].Count > block.Top)
            {
                var above = blocks[^1];
                blocks.RemoveAt(blocks.Count - 1);
                var weight = above.Weight + block.Weight;
                block = ((above.Top * above.Weight + (block.Top - above.Count) * block.Weight) / weight, weight, above.Count + block.Count);
            }
            blocks.Add(block);
        }
        var next = 0;
        foreach (var (top, _, count) in blocks)
            for (var i = 0; i < count; i++) _row[layer[next++]] = top + i;
    }
}
