namespace Pipeline.Stages.Hosting;

/// <summary>How a stage ended that did not fail.</summary>
public enum StageOutcome
{
    /// <summary>The outputs are there and <c>result.json</c> was written: exit code 0.</summary>
    Done,

    /// <summary>It was asked to stop and wrote a checkpoint first: exit code 75.</summary>
    Interrupted,
}
