using Pipeline.Protocol;
using Pipeline.Stages.Hosting;

namespace Pipeline.Stages.ChatModels;

/// <summary>
/// The digest of tokenizer and chat template, in the folder of the model that was trained with them. Templates that drift between
/// stages are a classic silent failure: the model still answers, a little worse.
/// </summary>
internal static class TokenizerRecord
{
    /// <summary>The file's name; a model from elsewhere has none.</summary>
    public const string FileName = "trained_with.txt";

    public static void Write(string folder, string digest) => WholeFile.WriteText(Path.Combine(folder, FileName), digest + "\n");

    /// <exception cref="ConfigException">The folder's tokenizer or template is not the one its model was trained with.</exception>
    public static void Require(string folder, string digest)
    {
        var path = Path.Combine(folder, FileName);
        var trained = File.Exists(path) ? File.ReadAllText(path).Trim() : digest;
        if (trained == digest) return;
        throw new ConfigException(StageErrors.TokenizerMismatch,
            $"tokenizer.json or the chat template in {folder} is not what the model was trained with: their digest is {digest}, {FileName} says "
            + $"{trained}. Put back the files the model came with; if the change is meant, delete {FileName}.");
    }
}
