using System.IO.Enumeration;

namespace Pipeline.Hub;

/// <summary>Paths by pattern: <c>*</c> and <c>?</c> within a folder's or a file's name, as in <c>data/train-*.parquet</c>.</summary>
public static class FilePattern
{
    /// <summary>Whether <paramref name="path"/> is one that <paramref name="pattern"/> means.</summary>
    public static bool Matches(string pattern, string path)
    {
        var (patterns, names) = (pattern.Split('/'), path.Split('/'));
        return patterns.Length == names.Length
            && patterns.Zip(names).All(pair => FileSystemName.MatchesSimpleExpression(pair.First, pair.Second, ignoreCase: false));
    }
}
