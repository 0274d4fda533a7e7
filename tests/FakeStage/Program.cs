using System.Text.Json;
using Pipeline.FakeStage;
using Pipeline.Protocol;
using Pipeline.Protocol.Jobs;

var path = Environment.GetEnvironmentVariable(JobFile.EnvironmentVariable);
if (path is null)
{
    Console.Error.WriteLine($"fake-stage keeps the stage protocol: {JobFile.EnvironmentVariable} must name a job file.");
    return StageExit.Config;
}
var job = JsonSerializer.Deserialize<JobFile>(File.ReadAllText(path), ProtocolJson.Line)!;
using var stage = new Stage(job, new AttemptFolder(Path.GetDirectoryName(path)!));
return stage.Perform();
