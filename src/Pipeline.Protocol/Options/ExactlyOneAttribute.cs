namespace Pipeline.Protocol.Options;

/// <summary>Marks a record of which exactly one property is set: a choice, written in YAML as <c>{ name: { … } }</c>.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ExactlyOneAttribute : Attribute;
