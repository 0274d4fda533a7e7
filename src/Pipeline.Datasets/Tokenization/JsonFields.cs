using System.Text.Json;

namespace Pipeline.Datasets.Tokenization;

/// <summary>
/// An object of tokenizer.json whose fields must all be accounted for: a field nobody asked for is an error when done,
/// since a tokenizer that ignores one of its settings encodes text as another model's.
/// </summary>
internal sealed class JsonFields
{
    private readonly string _path;
    private readonly Dictionary<string, JsonElement> _left = [];

    public JsonFields(JsonElement element, string path)
    {
        _path = path;
        if (element.ValueKind != JsonValueKind.Object) throw new DatasetException(DatasetErrors.TokenizerUnsupported,
            $"{path} is {element.ValueKind}, not an object.");
        foreach (var field in element.EnumerateObject()) _left[field.Name] = field.Value;
    }

    /// <summary>The field, or an undefined element if it is absent or null.</summary>
    public JsonElement Take(string name) =>
        _left.Remove(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : default;

    public string? TakeText(string name) => Take(name) is { ValueKind: not JsonValueKind.Undefined } value
        ? value.ValueKind == JsonValueKind.String ? value.GetString() : throw Unsupported(name, value, "a string")
        : null;

    public bool TakeFlag(string name, bool whenAbsent = false) => Take(name) switch
    {
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        { ValueKind: JsonValueKind.Undefined } => whenAbsent,
        var other => throw Unsupported(name, other, "true or false"),
    };

    /// <summary>The setting may be off (absent, null, false, empty) and nothing else.</summary>
    public void MustBeOff(string name)
    {
        var value = Take(name);
        var isOff = value.ValueKind is JsonValueKind.Undefined or JsonValueKind.False
            || value.ValueKind == JsonValueKind.String && value.GetString()!.Length == 0;
        if (!isOff) throw Unsupported(name, value, "absent, null or false");
    }

    /// <summary>The setting does nothing to what this library does; the comment at the call says why.</summary>
    public void HasNoEffect(params string[] names)
    {
        foreach (var name in names) _left.Remove(name);
    }

    public void Done()
    {
        if (_left.Count > 0) throw Unsupported(_left.First().Key, _left.First().Value, "nothing: the field is not known");
    }

    public DatasetException Unsupported(string name, JsonElement found, string supported)
    {
        var text = found.ValueKind == JsonValueKind.Undefined ? "absent" : found.GetRawText();
        return new(DatasetErrors.TokenizerUnsupported,
            $"{_path}.{name} is {(text.Length > 80 ? text[..80] + "…" : text)}; supported: {supported}. "
            + "Byte-level and character-level BPE tokenizers can be read.");
    }
}
