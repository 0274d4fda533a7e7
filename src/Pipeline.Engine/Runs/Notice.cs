using Pipeline.Protocol.Jobs;
using Pipeline.Spec.Resolved;

namespace Pipeline.Engine.Runs;

/// <summary>
/// What a webhook is owed: one event that the pipeline's <c>notify</c> asks for. It follows from the journal alone, and so
/// cannot be lost; what became of it is in the journal too.
/// </summary>
/// <param name="About">The event.</param>
/// <param name="To">The webhook's place under <c>notify</c>, from 0.</param>
/// <param name="Target">The webhook as it was when the event happened.</param>
public sealed record Notice(JournalEvent About, int To, Notification Target)
{
    /// <summary>What is older was of use to nobody any more: no engine was at work for so long.</summary>
    public static readonly TimeSpan OfUse = TimeSpan.FromHours(24);

    /// <summary>The same for every try, so that a receiver can tell a repetition.</summary>
    public string Id => $"{About.Run}.{About.Sequence}.{To}";

    /// <summary>Tries so far.</summary>
    public int Attempts { get; init; }

    /// <summary>When the next try is due.</summary>
    public DateTimeOffset Due { get; init; } = About.Time;

    /// <summary>Why the last try failed; null before that.</summary>
    public string? Trouble { get; init; }

    /// <summary>Where it stands.</summary>
    public NoticePhase Phase { get; init; } = NoticePhase.Waiting;

    /// <summary>Whether it is still to be sent.</summary>
    public bool IsOwed(DateTimeOffset now) => Phase == NoticePhase.Waiting && now - About.Time < OfUse;

    /// <summary>Whether it is to be given up without another try.</summary>
    public bool IsExpired(DateTimeOffset now) => Phase == NoticePhase.Waiting && !IsOwed(now);

    /// <summary>The word for an event under <c>notify: [ { on: ... } ]</c>; null for those that nobody is told.</summary>
    public static string? Word(JournalEvent fact) => fact switch
    {
        RunSucceeded => "succeeded",
        RunFailed => "failed",
        RunCancelled => "cancelled",
        ApprovalRequested => "approval_requested",
        AlarmRaised { Kind: StageEventKind.Alarm } => "alarm",
        _ => null,
    };

    /// <summary>Who is owed <paramref name="fact"/>.</summary>
    internal static IEnumerable<Notice> Of(JournalEvent fact, IReadOnlyList<Notification> targets) => Word(fact) is { } word
        ? targets.Select((target, i) => new Notice(fact, i, target)).Where(notice => notice.Target.On.Contains(word))
        : [];

    internal Notice Apply(JournalEvent fact) => fact switch
    {
        NotificationSent sent when Is(sent.About, sent.To) => this with { Phase = NoticePhase.Sent, Attempts = sent.Attempt },
        NotificationFailed failed when Is(failed.About, failed.To) => this with
        {
            Phase = failed.Again is null ? NoticePhase.GivenUp : NoticePhase.Waiting,
            Attempts = failed.Attempt, Trouble = failed.Message, Due = failed.Again ?? Due,
        },
        _ => this,
    };

    private bool Is(long about, int to) => Phase == NoticePhase.Waiting && About.Sequence == about && To == to;
}

/// <summary>Where a notice stands, and so what happens next.</summary>
public enum NoticePhase
{
    /// <summary>It is sent when it is due.</summary>
    Waiting,

    /// <summary>The receiver took it; nothing follows.</summary>
    Sent,

    /// <summary>It was refused for good or too often, or grew too old; nothing follows.</summary>
    GivenUp,
}
