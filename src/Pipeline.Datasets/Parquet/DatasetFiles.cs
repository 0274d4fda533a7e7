namespace Pipeline.Datasets.Parquet;

/// <summary>Where the rows of a dataset are: a folder of .parquet files read in the order of their names, or one such file.</summary>
internal static class DatasetFiles
{
    private const string Extension = ".parquet";

    /// <summary>The file Hugging Face's <c>load_dataset(folder)</c> takes as the split "train".</summary>
    private const string FileInFolder = "train" + Extension;

    public static string[] ToRead(string path)
    {
        if (File.Exists(path)) return [path];
        if (!Directory.Exists(path)) throw new DatasetException(DatasetErrors.NotFound,
            $"There is no dataset at {path}. Give a .parquet file, or a folder that holds some.");
        var files = Directory.GetFiles(path, "*" + Extension);
        Array.Sort(files, StringComparer.Ordinal);
        if (files.Length > 0) return files;
        var others = Directory.GetFileSystemEntries(path).Select(Path.GetFileName).Order(StringComparer.Ordinal).Take(5);
        throw new DatasetException(DatasetErrors.NotFound,
            $"The folder {path} holds no .parquet file; it holds {string.Join(", ", others.DefaultIfEmpty("nothing"))}. "
            + "Give the folder that holds the files themselves.");
    }

    public static string ToWrite(string path) =>
        path.EndsWith(Extension, StringComparison.Ordinal) ? path : Path.Combine(path, FileInFolder);
}
