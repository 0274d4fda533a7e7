using System.Text.Json;

namespace Pipeline.Datasets.Tokenization;

/// <summary>Reads the JSON files of a model folder, with an error that names the file.</summary>
internal static class JsonFiles
{
    public static JsonElement Read(string path) => File.Exists(path) ? ReadOptional(path) : throw new DatasetException(
        DatasetErrors.TokenizerFile, $"There is no {path}. Give the folder of a model or a tokenizer in Hugging Face's layout.");

    /// <summary>An undefined element if there is no such file.</summary>
    public static JsonElement ReadOptional(string path)
    {
        if (!File.Exists(path)) return default;
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            return document.RootElement.Clone();
        }
        catch (JsonException error)
        {
            throw new DatasetException(DatasetErrors.TokenizerFile, $"{path} is not JSON: {error.Message}", error);
        }
    }
}
