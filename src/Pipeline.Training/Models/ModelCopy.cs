using Pipeline.Training.Models.Lora;
using Pipeline.Training.Safetensors;
using static TorchSharp.torch;

namespace Pipeline.Training.Models;

/// <summary>Writes a model folder anew: in another format, or with an adapter merged into it.</summary>
public static class ModelCopy
{
    /// <param name="from">A model folder with either head.</param>
    /// <param name="to">Where the copy goes: not there yet, or empty. Tokenizer, chat template and whatever else lies in <paramref name="from"/> is copied too.</param>
    /// <param name="format">How the weights are written.</param>
    /// <param name="adapter">A PEFT folder that is merged into the weights, see <see cref="LoraMerge"/>; null for none.</param>
    /// <exception cref="TrainingException"><paramref name="to"/> is not empty, or a folder is damaged or does not fit.</exception>
    public static void Write(string from, string to, ModelFormat format, string? adapter = null)
    {
        if (Directory.Exists(to) && Directory.EnumerateFileSystemEntries(to).Any())
            throw new TrainingException(TrainingErrors.NotEmpty, $"{to} is not empty. Name a new folder; nothing is overwritten.");
        var generation = ModelFolder.ReadGeneration(from);
        if (ModelFolder.ReadHead(from) == ModelHead.LanguageModel)
        {
            using var model = ModelFolder.LoadLanguageModel(from);
            Merge(model);
            ModelFolder.Save(to, model, generation, format);
        }
        else
        {
            using var model = ModelFolder.LoadSequenceClassifier(from);
            Merge(model);
            ModelFolder.Save(to, model, generation, format);
        }
        foreach (var file in Directory.EnumerateFiles(from).Where(file => !IsWritten(Path.GetFileName(file))))
            if (!File.Exists(Path.Combine(to, Path.GetFileName(file)))) File.Copy(file, Path.Combine(to, Path.GetFileName(file)));

        void Merge(nn.Module model)
        {
            if (adapter is not null) LoraMerge.Into(model, adapter);
        }
    }

    private static bool IsWritten(string name) => name.EndsWith(".safetensors", StringComparison.Ordinal) || name == SafetensorsShards.Index;
}
