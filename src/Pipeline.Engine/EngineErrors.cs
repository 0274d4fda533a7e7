namespace Pipeline.Engine;

/// <summary>Stable codes of the errors that a user meets.</summary>
public static class EngineErrors
{
    /// <summary>The journal holds events that this program does not know: a newer version wrote them.</summary>
    public const string JournalNewer = "JOURNAL_NEWER";

    /// <summary>The journal cannot be read: damaged, or edited by hand.</summary>
    public const string JournalDamaged = "JOURNAL_DAMAGED";

    /// <summary>The disk is full; nothing was recorded, the run can be resumed.</summary>
    public const string DiskFull = "DISK_FULL";

    /// <summary>The journal cannot be opened or written.</summary>
    public const string JournalUnavailable = "JOURNAL_UNAVAILABLE";

    /// <summary>The journal does not answer: its database is away, or another program holds it. Trying again may do.</summary>
    public const string JournalUnreachable = "JOURNAL_UNREACHABLE";

    /// <summary>The journal's database does not let this user in.</summary>
    public const string JournalRefused = "JOURNAL_REFUSED";

    /// <summary>The journal holds the runs of another state folder, or the state folder has another journal.</summary>
    public const string JournalForeign = "JOURNAL_FOREIGN";

    /// <summary>What is given for the journal's address is none.</summary>
    public const string JournalAddress = "JOURNAL_ADDRESS";

    /// <summary>There is something in the state folder that is not ours.</summary>
    public const string StateFolderForeign = "STATE_FOLDER_FOREIGN";

    /// <summary>A newer version laid out the state folder.</summary>
    public const string StateFolderNewer = "STATE_FOLDER_NEWER";

    /// <summary>The state folder cannot be created or written.</summary>
    public const string StateFolderUnwritable = "STATE_FOLDER_UNWRITABLE";

    /// <summary>Another engine works in the state folder.</summary>
    public const string EngineRunning = "ENGINE_RUNNING";

    /// <summary>This engine was stopped for long and another one took over; what it still wanted to write was refused.</summary>
    public const string EngineReplaced = "ENGINE_REPLACED";

    /// <summary>There is no such run.</summary>
    public const string RunUnknown = "RUN_UNKNOWN";

    /// <summary>The run has no such stage.</summary>
    public const string StageUnknown = "STAGE_UNKNOWN";

    /// <summary>The run has ended, or has not ended, and so cannot be asked for that.</summary>
    public const string RunState = "RUN_STATE";

    /// <summary>Other runs took outputs from the run, so it cannot be deleted before them.</summary>
    public const string RunReferenced = "RUN_REFERENCED";

    /// <summary>An input from outside the pipeline is not there.</summary>
    public const string InputMissing = "INPUT_MISSING";

    /// <summary>A stage did not report the metric that decides whether another runs.</summary>
    public const string MetricMissing = "METRIC_MISSING";

    /// <summary>The attempt's folder or its job file cannot be written.</summary>
    public const string AttemptFolder = "ATTEMPT_FOLDER";

    /// <summary>The stage said it was done without leaving a result.</summary>
    public const string ResultMissing = "RESULT_MISSING";

    /// <summary>An output is missing or does not have the digest that the stage claims.</summary>
    public const string OutputDamaged = "OUTPUT_DAMAGED";
}

/// <summary>An error that a person can act on.</summary>
/// <param name="code">Stable code, see <see cref="EngineErrors"/>.</param>
/// <param name="message">What was found, where, what to try.</param>
/// <param name="inner">What was behind it.</param>
public sealed class EngineException(string code, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Stable code.</summary>
    public string Code { get; } = code;
}
