namespace Pipeline.Datasets.Packing;

/// <summary>Deals out row numbers in a new order each epoch, from wherever a cursor points.</summary>
/// <param name="seed">Of the run.</param>
/// <param name="count">Rows in the dataset; at least 1.</param>
public sealed class ShuffledRows(ulong seed, int count)
{
    private readonly int _count = count > 0
        ? count
        : throw new ArgumentOutOfRangeException(nameof(count), count, "There is no row to deal out.");
    private int[] _order = [];
    private long _orderOf = -1;

    /// <summary>The next rows, going over into the next epoch where one ends, so that no step is short.</summary>
    /// <param name="cursor">Where to begin.</param>
    /// <param name="rows">How many to take.</param>
    /// <returns>The row numbers, and where to go on.</returns>
    public (int[] Rows, DataCursor Next) Take(DataCursor cursor, int rows)
    {
        var taken = new int[rows];
        var (epoch, index) = cursor;
        for (var row = 0; row < rows; row++)
        {
            taken[row] = Order(epoch)[index++];
            if (index == _count) (epoch, index) = (epoch + 1, 0);
        }
        return (taken, new DataCursor(epoch, index));
    }

    private int[] Order(long epoch)
    {
        if (_orderOf != epoch) (_order, _orderOf) = (SeededOrder.Permutation(seed, epoch, _count), epoch);
        return _order;
    }
}
