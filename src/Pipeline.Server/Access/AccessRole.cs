namespace Pipeline.Server.Access;

/// <summary>What the holder of a token may do.</summary>
public enum AccessRole
{
    /// <summary>Look at everything, change nothing.</summary>
    View,

    /// <summary>Look, and submit, cancel, resume and approve as well.</summary>
    Operate,
}
