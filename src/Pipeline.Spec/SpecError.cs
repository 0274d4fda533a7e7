namespace Pipeline.Spec;

/// <summary>Something wrong in a pipeline file or on the command line that chose among it.</summary>
/// <param name="Code">Stable code, see <see cref="SpecErrors"/>.</param>
/// <param name="File">The file, as it was named by the user; or the command-line option, such as <c>-p kl=x</c>.</param>
/// <param name="Line">Line, from 1; 0 where there is none.</param>
/// <param name="Column">Column, from 1; 0 where there is none.</param>
/// <param name="Message">What was found, what would be valid, what was probably meant.</param>
public sealed record SpecError(string Code, string File, int Line, int Column, string Message)
{
    /// <summary><c>file:line:column: code: message</c>, which editors and terminals turn into a link.</summary>
    public override string ToString() =>
        Line == 0 ? $"{File}: {Code}: {Message}" : $"{File}:{Line}:{Column}: {Code}: {Message}";
}
