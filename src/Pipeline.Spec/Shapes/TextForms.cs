using Pipeline.Protocol.Stages;

namespace Pipeline.Spec.Shapes;

/// <summary>Marks text that must have a certain form.</summary>
/// <param name="expected">What such a text is, for messages: <c>a duration such as 30s</c>.</param>
/// <param name="pattern">The form as a regular expression, for the JSON Schema.</param>
[AttributeUsage(AttributeTargets.Property)]
internal abstract class TextFormAttribute(string expected, string pattern) : Attribute
{
    public string Expected { get; } = expected;
    public string Pattern { get; } = pattern;

    /// <summary>
    /// Whether <paramref name="text"/> has the form. Says the same as the pattern, without the cost of starting the
    /// regex engine.
    /// </summary>
    public abstract bool Holds(string text);
}

/// <summary>A name that can be part of paths and references.</summary>
internal sealed class IdAttribute() : TextFormAttribute(
    "an id such as cold_start: a small letter, then small letters, digits and _", "^[a-z][a-z0-9_]*$")
{
    public override bool Holds(string text) =>
        text.Length > 0
        && char.IsAsciiLetterLower(text[0])
        && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_');
}

/// <summary>The pipeline's name; it can be part of a folder's name.</summary>
internal sealed class PipelineNameAttribute() : TextFormAttribute(
    "a name such as r1-small: letters, digits, '-', '_' and '.', a letter or digit first", "^[A-Za-z0-9][A-Za-z0-9._-]*$")
{
    public override bool Holds(string text) =>
        text.Length > 0 && char.IsAsciiLetterOrDigit(text[0]) && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');
}

/// <summary>Marks the name of a stage kind.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class StageKindNameAttribute : Attribute
{
    /// <summary>The kinds there are.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. StageKinds.All.Select(kind => kind.Name), StageKinds.Command];
}

/// <summary>Marks the code of an alarm, see <see cref="AlarmCodes"/>.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class AlarmCodeAttribute : Attribute;

/// <summary>A length of time.</summary>
internal sealed class DurationAttribute() : TextFormAttribute("a duration such as 30s, 90m or 6h", Units.Pattern(Units.Seconds))
{
    public override bool Holds(string text) => Units.Parse(text, Units.Seconds) is not null;
}

/// <summary>An amount of memory.</summary>
internal sealed class SizeAttribute() : TextFormAttribute("a size such as 512MB or 40GB", Units.Pattern(Units.Bytes))
{
    public override bool Holds(string text) => Units.Parse(text, Units.Bytes) is not null;
}

/// <summary>A number of optimizer steps.</summary>
internal sealed class StepsAttribute() : TextFormAttribute("a number of steps such as 100 steps", Units.Pattern(Units.Steps))
{
    public override bool Holds(string text) => Units.Parse(text, Units.Steps) is not null;
}

/// <summary>Exactly this text.</summary>
internal sealed class ExactlyAttribute(string text) : TextFormAttribute($"'{text}'", $"^{text}$")
{
    public string Text { get; } = text;

    public override bool Holds(string found) => found == Text;
}

/// <summary>Marks text that may hold references to be filled in when the job starts, such as <c>${{ job.file }}</c>.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class LateAttribute(params string[] roots) : Attribute
{
    public IReadOnlyList<string> Roots { get; } = roots;
}

/// <summary>Marks a dictionary whose keys are ids.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class KeysAreIdsAttribute : Attribute;

/// <summary>Marks a record in which keys that begin with <c>x-</c> are the user's own.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class OwnKeysAttribute : Attribute;
