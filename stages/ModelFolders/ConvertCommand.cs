using System.CommandLine;
using Pipeline.Protocol.Jobs;
using Pipeline.Training.Models;

namespace Pipeline.Stages.ModelFolders;

/// <summary><c>pipeline model convert FOLDER -o NEW</c>: the same model in another type or in other files.</summary>
internal static class ConvertCommand
{
    public static Command Create()
    {
        var (folder, output, type, shard) = (ModelArguments.Folder("The model."), ModelArguments.Output(), ModelArguments.Type(), ModelArguments.ShardMegabytes());
        var command = new Command("convert", "Write a model anew, in another type or in other files.") { folder, output, type, shard };
        command.SetAction(parsed =>
        {
            ModelCopy.Write(parsed.GetRequiredValue(folder), parsed.GetRequiredValue(output),
                ModelArguments.Format(parsed.GetRequiredValue(type), parsed.GetRequiredValue(shard)));
            return StageExit.Done;
        });
        return command;
    }
}
