using Pipeline.Datasets.Parquet;

namespace Pipeline.Datasets.Sources;

/// <summary>A form in which others publish datasets.</summary>
public interface ISourceSchema
{
    /// <summary>The name on the command line, such as <c>gsm8k</c>.</summary>
    string Name { get; }

    /// <summary>Its columns and who has it, in words.</summary>
    string Summary { get; }

    /// <summary>What it becomes, in words: <c>prompts</c>, <c>conversations</c>, ….</summary>
    string Becomes { get; }
}

/// <summary>A form of datasets that becomes rows of one of our types.</summary>
/// <typeparam name="TRow">The row type, which knows its Parquet columns.</typeparam>
internal interface ISourceSchema<TRow> : ISourceSchema where TRow : IDatasetRow<TRow>
{
    /// <summary>Whether a row looks like this schema.</summary>
    bool Fits(RowFields row);

    /// <param name="row">The row.</param>
    /// <param name="origin">Where it comes from, for rows that do not say so themselves.</param>
    /// <exception cref="RowException">The row is not what the schema says.</exception>
    TRow Convert(RowFields row, RowOrigin origin);
}

/// <summary>Where a row comes from.</summary>
/// <param name="Source">The dataset's name.</param>
/// <param name="Index">The row's place in it, from 0.</param>
internal readonly record struct RowOrigin(string Source, long Index);
