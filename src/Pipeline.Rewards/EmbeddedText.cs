namespace Pipeline.Rewards;

/// <summary>Files that lie beside the code that uses them: Python for the sandbox, what judges are told.</summary>
internal static class EmbeddedText
{
    /// <param name="name">The file's name, without folder.</param>
    public static string Read(string name)
    {
        using var stream = typeof(EmbeddedText).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
