using System.CommandLine;
using Pipeline.Protocol.Jobs;
using Pipeline.Training.Models;

namespace Pipeline.Stages.ModelFolders;

/// <summary><c>pipeline model merge FOLDER --adapter PEFT -o NEW</c>: a plain model from a base and a LoRA adapter.</summary>
internal static class MergeCommand
{
    public static Command Create()
    {
        var (folder, output, type, shard) = (ModelArguments.Folder("The base model."), ModelArguments.Output(), ModelArguments.Type(), ModelArguments.ShardMegabytes());
        var adapter = new Option<string>("--adapter") { Description = "A folder with PEFT's adapter_config.json and adapter_model.safetensors.", Required = true };
        var command = new Command("merge", "Merge a LoRA adapter into its base model.") { folder, adapter, output, type, shard };
        command.SetAction(parsed =>
        {
            ModelCopy.Write(parsed.GetRequiredValue(folder), parsed.GetRequiredValue(output),
                ModelArguments.Format(parsed.GetRequiredValue(type), parsed.GetRequiredValue(shard)), parsed.GetRequiredValue(adapter));
            return StageExit.Done;
        });
        return command;
    }
}
