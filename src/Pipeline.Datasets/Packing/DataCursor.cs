namespace Pipeline.Datasets.Packing;

/// <summary>How far training has read its data. All a checkpoint has to keep to go on with the very next row.</summary>
/// <param name="Epoch">Passes completed.</param>
/// <param name="Index">Rows taken of the current pass's order; always less than the number of rows.</param>
public readonly record struct DataCursor(long Epoch, int Index);
