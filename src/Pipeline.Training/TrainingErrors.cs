namespace Pipeline.Training;

/// <summary>The stable codes of <see cref="TrainingException"/>.</summary>
public static class TrainingErrors
{
    /// <summary>A file or folder that should be there is not.</summary>
    public const string NotFound = "model-not-found";

    /// <summary>A folder that is to be written has something in it.</summary>
    public const string NotEmpty = "folder-not-empty";

    /// <summary>config.json is not valid, or a value in it cannot be.</summary>
    public const string BadConfig = "model-bad-config";

    /// <summary>A model family, or a variant of one, that this library does not implement.</summary>
    public const string Unsupported = "model-unsupported";

    /// <summary>A tensor is missing, unexpected, or of another shape than the model's.</summary>
    public const string WrongTensors = "model-wrong-tensors";

    /// <summary>A safetensors file is truncated or contradicts itself.</summary>
    public const string BadSafetensors = "safetensors-invalid";

    /// <summary>A row is longer than the positions the model has.</summary>
    public const string SequenceTooLong = "sequence-too-long";

    /// <summary>A token id outside the vocabulary, or a row without tokens.</summary>
    public const string BadTokens = "bad-tokens";

    /// <summary>A checkpoint does not verify against its manifest.</summary>
    public const string BadCheckpoint = "checkpoint-damaged";

    /// <summary>A checkpoint was made from other settings than those at hand.</summary>
    public const string OtherCheckpoint = "checkpoint-of-another-stage";

    /// <summary>Not enough room on the disk for what is about to be written.</summary>
    public const string DiskFull = "disk-full";
}
