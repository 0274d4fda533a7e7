using System.Reflection;

namespace Pipeline.Spec.Shapes;

/// <summary>
/// What a value of the pipeline file may be. Made once from a record, and used twice: to check files, and to write the
/// JSON Schema for editors, so that the two cannot disagree.
/// </summary>
internal abstract record Shape;

/// <summary>Text.</summary>
/// <param name="Form">The form it must have; null for any.</param>
/// <param name="Late">References that may stand in it to be filled in when the job starts, by root.</param>
internal sealed record TextShape(TextFormAttribute? Form, IReadOnlyList<string> Late) : Shape;

/// <summary>A whole number.</summary>
internal sealed record IntegerShape(long Min, long Max) : Shape;

/// <summary>A number.</summary>
internal sealed record NumberShape(double Min, double Max) : Shape;

/// <summary>true or false.</summary>
internal sealed record BooleanShape : Shape;

/// <summary>One of a few words.</summary>
internal sealed record ChoiceShape(IReadOnlyList<string> Choices) : Shape;

/// <summary>A path or a stage's output, see <see cref="Protocol.Options.ArtifactReferenceAttribute"/>.</summary>
internal sealed record ArtifactShape(string Kind) : Shape;

/// <summary>A sequence.</summary>
internal sealed record ListShape(Shape Item, int MinLength) : Shape;

/// <summary>A mapping with keys of the user's choice.</summary>
/// <param name="Item">What each value is.</param>
/// <param name="KeyForm">The form of a key; null for any.</param>
/// <param name="MinLength">How many keys it has at least.</param>
internal sealed record DictionaryShape(Shape Item, TextFormAttribute? KeyForm, int MinLength = 0) : Shape;

/// <summary>A mapping with known keys.</summary>
/// <param name="Type">The record.</param>
/// <param name="Fields">Its keys.</param>
/// <param name="ExactlyOne">Whether exactly one key is set, see <see cref="Protocol.Options.ExactlyOneAttribute"/>.</param>
/// <param name="OwnKeys">Whether keys that begin with <c>x-</c> are the user's own.</param>
internal sealed record RecordShape(Type Type, IReadOnlyList<Field> Fields, bool ExactlyOne, bool OwnKeys) : Shape;

/// <summary>Any value; whoever asked for it looks at it himself.</summary>
internal sealed record FreeShape : Shape;

/// <summary>A key of a <see cref="RecordShape"/>.</summary>
/// <param name="Name">The key.</param>
/// <param name="Value">What it holds.</param>
/// <param name="Required">Whether it must be there.</param>
/// <param name="Nullable">Whether it may be null.</param>
/// <param name="Property">The record's property, which has the documentation.</param>
internal sealed record Field(string Name, Shape Value, bool Required, bool Nullable, PropertyInfo Property);
