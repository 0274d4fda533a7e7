using System.Text;
using Pipeline.Reports.TensorBoard;

namespace Pipeline.Reports.Tests.TensorBoard;

public class TensorBoardExportTests
{
    [Test]
    public void Write_AFinishedRun_HasAFolderForEachStageThatLogged()
    {
        using var sample = SampleRun.Quickstart();
        var target = Path.Combine(sample.Folder.Path, "curves");
        var stages = TensorBoardExport.Write(sample.State, sample.Folder, target);
        Assert.That(stages, Does.Contain("r1").And.Not.Contain("data"));
        foreach (var stage in stages)
        {
            var file = File.ReadAllBytes(Path.Combine(target, sample.State.Run, stage, "events.out.tfevents.pipeline"));
            Assert.That(Encoding.UTF8.GetString(file), Does.Contain("brain.Event:2").And.Contain("reward"));
        }
    }
}
