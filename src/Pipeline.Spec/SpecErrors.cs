namespace Pipeline.Spec;

/// <summary>The codes of <see cref="SpecError"/>. They are part of the interface and never change meaning.</summary>
public static class SpecErrors
{
    /// <summary>The file is missing, cannot be read or is not UTF-8 text.</summary>
    public const string File = "SPEC_FILE";

    /// <summary>The text is not YAML, or uses a part of YAML that a pipeline file does without.</summary>
    public const string Syntax = "SPEC_SYNTAX";

    /// <summary>A key occurs twice in one mapping.</summary>
    public const string DuplicateKey = "SPEC_DUPLICATE_KEY";

    /// <summary>A key that means nothing at this place.</summary>
    public const string UnknownKey = "SPEC_UNKNOWN_KEY";

    /// <summary>A key that must be there is not.</summary>
    public const string MissingKey = "SPEC_MISSING_KEY";

    /// <summary>A value of another type than expected.</summary>
    public const string WrongType = "SPEC_WRONG_TYPE";

    /// <summary>A value of the right type that is not valid: outside its range, not among the choices, of the wrong form.</summary>
    public const string WrongValue = "SPEC_WRONG_VALUE";

    /// <summary>A <c>${{ }}</c> that cannot be read.</summary>
    public const string Expression = "SPEC_EXPRESSION";

    /// <summary>A <c>${{ }}</c> that refers to nothing.</summary>
    public const string UnknownReference = "SPEC_UNKNOWN_REFERENCE";

    /// <summary>A <c>${{ }}</c> that exists and may not be used at this place.</summary>
    public const string MisplacedReference = "SPEC_MISPLACED_REFERENCE";

    /// <summary>There is no stage of that id.</summary>
    public const string UnknownStage = "SPEC_UNKNOWN_STAGE";

    /// <summary>The stage has no such input.</summary>
    public const string UnknownInput = "SPEC_UNKNOWN_INPUT";

    /// <summary>The stage lacks an input that it must have.</summary>
    public const string MissingInput = "SPEC_MISSING_INPUT";

    /// <summary>The artifact is of another kind than the input takes.</summary>
    public const string WrongArtifact = "SPEC_WRONG_ARTIFACT";

    /// <summary>There is nothing at the path.</summary>
    public const string PathNotFound = "SPEC_PATH_NOT_FOUND";

    /// <summary>Stages need each other in a circle.</summary>
    public const string Cycle = "SPEC_CYCLE";

    /// <summary>A parameter has no value, or is not declared.</summary>
    public const string Param = "SPEC_PARAM";

    /// <summary>A <c>--set</c>, <c>-p</c> or <c>--profile</c> that does not fit the file.</summary>
    public const string Override = "SPEC_OVERRIDE";

    /// <summary>Known, and not to be had in this version.</summary>
    public const string NotSupported = "SPEC_NOT_SUPPORTED";
}
