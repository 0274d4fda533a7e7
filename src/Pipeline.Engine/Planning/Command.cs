using Pipeline.Engine.Ports;

namespace Pipeline.Engine.Planning;

/// <summary>A request that the planner makes of the outside. Carrying one out twice does no more than once.</summary>
public abstract record Command;

/// <summary>
/// Start the attempt, not before a time: its outputs are looked for in the cache, and if they are not there a job is
/// launched.
/// </summary>
/// <param name="Attempt">The attempt, which the journal does not know yet.</param>
/// <param name="NotBefore">Due time.</param>
public sealed record Start(AttemptKey Attempt, DateTimeOffset NotBefore) : Command;

/// <summary>
/// Watch an attempt that the journal knows, until there is evidence of its end: submit it if the executor does not know
/// it, and stop it if the run is being cancelled.
/// </summary>
/// <param name="Attempt">The attempt.</param>
public sealed record Watch(AttemptKey Attempt) : Command;

/// <summary>Record when the next attempt of a failed stage starts.</summary>
/// <param name="Attempt">The attempt that will follow.</param>
/// <param name="At">Due time.</param>
public sealed record ScheduleRetry(AttemptKey Attempt, DateTimeOffset At) : Command;

/// <summary>Record that a stage is left out.</summary>
/// <param name="Instance">The stage instance.</param>
/// <param name="Reason">Why, for a person.</param>
public sealed record Skip(string Instance, string Reason) : Command;

/// <summary>Record that a stage waits for a person.</summary>
/// <param name="Instance">The stage instance.</param>
/// <param name="Message">The question.</param>
/// <param name="Deadline">Until when an answer is waited for; null for ever.</param>
public sealed record RequestApproval(string Instance, string Message, DateTimeOffset? Deadline) : Command;

/// <summary>Record the answer that stands in for a person's, because the time is up.</summary>
/// <param name="Instance">The stage instance.</param>
/// <param name="Approved">Yes or no.</param>
public sealed record AnswerForNobody(string Instance, bool Approved) : Command;

/// <summary>Take back the start of an attempt that waits for its time, because the run is being cancelled.</summary>
/// <param name="Attempt">The attempt.</param>
public sealed record Withdraw(AttemptKey Attempt) : Command;

/// <summary>Record the run's end.</summary>
/// <param name="Outcome"><see cref="Runs.RunSucceeded"/>, <see cref="Runs.RunFailed"/> or <see cref="Runs.RunCancelled"/>.</param>
public sealed record Finish(Runs.JournalEvent Outcome) : Command;
