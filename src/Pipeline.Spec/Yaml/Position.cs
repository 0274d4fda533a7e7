namespace Pipeline.Spec.Yaml;

/// <summary>Where text was written.</summary>
/// <param name="Name">The file as the user named it, or the command-line option.</param>
/// <param name="Folder">Absolute folder that paths written there are relative to.</param>
/// <param name="HasLines">Whether a place in it has a line and a column.</param>
internal sealed record Source(string Name, string Folder, bool HasLines = true)
{
    /// <summary>Something on the command line: its paths are relative to the working directory.</summary>
    public static Source CommandLine(string option) => new(option, Environment.CurrentDirectory, HasLines: false);

    /// <summary>A file, by the path that the user gave.</summary>
    public static Source OfFile(string path) => new(path, Path.GetDirectoryName(Path.GetFullPath(path)) ?? Path.GetFullPath(path));

    /// <summary>Its beginning.</summary>
    public Position Start => HasLines ? new(this, 1, 1) : Nowhere;

    /// <summary>The source as a whole.</summary>
    public Position Nowhere => new(this, 0, 0);
}

/// <summary>A place in a source.</summary>
/// <param name="Source">The source.</param>
/// <param name="Line">Line, from 1; 0 for a source without lines.</param>
/// <param name="Column">Column, from 1.</param>
internal readonly record struct Position(Source Source, int Line, int Column);
