namespace Pipeline.Stages.Hosting;

/// <summary>The stable codes that stages give; the libraries below have codes of their own.</summary>
public static class StageErrors
{
    /// <summary>There is no job file where <c>PIPELINE_JOB</c> points, or the variable is not set.</summary>
    public const string JobMissing = "JOB_MISSING";

    /// <summary>The job file is not JSON, or is not a job of protocol 1.</summary>
    public const string JobInvalid = "JOB_INVALID";

    /// <summary>There is no such stage kind, or not in this version.</summary>
    public const string StageUnknown = "STAGE_UNKNOWN";

    /// <summary>A setting that the stage's options do not have.</summary>
    public const string OptionUnknown = "OPTION_UNKNOWN";

    /// <summary>A setting is of the wrong type or out of its range, or two settings contradict each other.</summary>
    public const string OptionInvalid = "OPTION_INVALID";

    /// <summary>The job does not name an input that the stage needs.</summary>
    public const string InputMissing = "INPUT_MISSING";

    /// <summary>The job does not say where an output is to be written.</summary>
    public const string OutputMissing = "OUTPUT_MISSING";

    /// <summary>Two inputs that must share a tokenizer and a chat template do not, or a model has not those it was trained with.</summary>
    public const string TokenizerMismatch = "TOKENIZER_MISMATCH";

    /// <summary>No completion could have the form that the reward asks for.</summary>
    public const string FormatImpossible = "FORMAT_IMPOSSIBLE";

    /// <summary>After dropping what cannot be used, no row is left.</summary>
    public const string NothingToTrain = "NOTHING_TO_TRAIN";

    /// <summary>The device that the job names is not there.</summary>
    public const string DeviceMissing = "DEVICE_MISSING";

    /// <summary>The loss or the gradient is NaN or infinite; the step was not taken.</summary>
    public const string LossNotFinite = "LOSS_NOT_FINITE";

    /// <summary>Not an error: a <c>stop_when</c> held, so the stage ended early.</summary>
    public const string StopWhen = "STOP_WHEN";

    /// <summary>The disk is full; what was being written is gone, what was there before is not.</summary>
    public const string DiskFull = "DISK_FULL";

    /// <summary>A file or folder cannot be read or written.</summary>
    public const string Io = "IO";

    /// <summary>A fault of the program.</summary>
    public const string Internal = "INTERNAL";
}
