using System.CommandLine;
using Pipeline.Protocol.Jobs;
using Pipeline.Stages.Hosting;

namespace Pipeline.Stages.ModelFolders;

/// <summary><c>pipeline model …</c>: looks at a model folder, writes it anew, scores tokens with it. See README.md in this folder.</summary>
public static class ModelCommand
{
    /// <param name="arguments">The command line, <c>model</c> included.</param>
    /// <returns>The exit code, one of <see cref="StageExit"/>.</returns>
    public static int Run(string[] arguments)
    {
        var root = new RootCommand("pipeline-stage")
        {
            new Command("model", "Look at a model folder, convert it, merge an adapter into it, score tokens with it.")
            {
                InspectCommand.Create(), ConvertCommand.Create(), MergeCommand.Create(), ScoreCommand.Create(),
            },
        };
        try
        {
            var parsed = root.Parse(arguments);
            var code = parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
            return parsed.Errors.Count > 0 ? StageExit.Config : code;
        }
        catch (Exception error)
        {
            var failure = Failure.Of(error);
            Console.Error.WriteLine($"error {failure.Code}: {failure.Message}");
            if (failure.IsFault) Console.Error.WriteLine(error);
            return failure.ExitCode;
        }
    }
}
