namespace Pipeline.Rewards;

/// <summary>Python files that lie beside the code that sends them into a sandbox.</summary>
internal static class EmbeddedScript
{
    /// <param name="name">The file's name, without folder.</param>
    public static string Read(string name)
    {
        using var stream = typeof(EmbeddedScript).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
