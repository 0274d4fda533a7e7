using Pipeline.Engine.Runs;
using Pipeline.Spec.Resolved;

namespace Pipeline.Server.Control;

/// <summary>
/// What people may do from the browser beside looking. Given by the program that serves the dashboard, which knows the
/// stage program and how to put an engine to work; without it the dashboard only shows.
/// </summary>
public interface IRunControl
{
    /// <summary>Submits a run and sees to it that an engine works on it; returns the run's id.</summary>
    Task<string> Submit(ResolvedPipeline pipeline);

    /// <summary>The schedules whose runs the program starts, by name; those that cannot be read say so by their trouble.</summary>
    IReadOnlyList<ScheduleView> Schedules { get; }

    /// <summary>Asks for a run to be cancelled. Asking again does nothing.</summary>
    /// <param name="run">The run.</param>
    /// <param name="by">The name of the token that asks; null where no token is asked for.</param>
    /// <exception cref="Engine.EngineException">It is over.</exception>
    Task Cancel(RunState run, string? by);

    /// <summary>Has a failed or cancelled run go on.</summary>
    /// <exception cref="Engine.EngineException">It has succeeded, or is being cancelled.</exception>
    Task Resume(RunState run);

    /// <summary>Answers a stage that waits for a person, and sees to it that an engine goes on with the run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="instance">The stage instance.</param>
    /// <param name="approved">Yes: it starts. No: it fails.</param>
    /// <param name="reason">Why, in their words.</param>
    /// <param name="by">The name of the token that answers; null where no token is asked for.</param>
    /// <exception cref="Engine.EngineException">There is no such stage, or it does not wait.</exception>
    Task Answer(RunState run, string instance, bool approved, string? reason, string? by);
}
