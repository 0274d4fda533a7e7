using Pipeline.Server.Tests.Samples;

namespace Pipeline.Server.Tests.Monitoring;

public class PrometheusTests
{
    [Test]
    public async Task Metrics_TellHowStagesAtWorkDo()
    {
        var text = await Served.Client.GetStringAsync(new Uri("metrics", UriKind.Relative));
        var labels = $"run=\"{SampleState.Live}\",stage=\"r1_zero\"";
        Assert.Multiple(() =>
        {
            Assert.That(text, Does.Contain("pipeline_runs_unfinished 1\n"));
            Assert.That(text, Does.Contain("pipeline_jobs{state=\"running\"} 1\n"));
            Assert.That(text, Does.Contain($"pipeline_stage_step{{{labels}}} 83\n"));
            Assert.That(text, Does.Contain($"pipeline_stage_alarms{{{labels},code=\"NO_SPREAD\"}} 1\n"));
            Assert.That(text, Does.Match($@"pipeline_stage_metric\{{{labels},name=""reward""\}} \d"));
        });
    }
}
