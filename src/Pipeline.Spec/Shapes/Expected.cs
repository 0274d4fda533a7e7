using System.Globalization;
using Pipeline.Spec.Loading;
using Pipeline.Spec.Yaml;

namespace Pipeline.Spec.Shapes;

/// <summary>The phrases of messages: what was expected, what was found.</summary>
internal static class Expected
{
    /// <summary>What a shape asks for, with article.</summary>
    public static string Of(Shape shape) => shape switch
    {
        TextShape { Form: { } form } => form.Expected,
        TextShape => "text",
        IntegerShape integer => Bounded("a whole number", integer.Min, integer.Max),
        NumberShape number => Bounded("a number", number.Min, number.Max),
        BooleanShape => "true or false",
        ChoiceShape choice => $"one of {string.Join(", ", choice.Choices)}",
        ArtifactShape artifact => $"a {artifact.Kind}: a path or ${{{{ stages.<id>.outputs.<name> }}}}",
        ListShape { Item: RecordShape or ListShape or DictionaryShape or FreeShape } => "a list",
        ListShape { Item: ChoiceShape choice } => $"a list of any of {string.Join(", ", choice.Choices)}",
        ListShape => "a list of texts",
        RecordShape { ExactlyOne: true } record => $"a mapping with one of {string.Join(", ", record.Fields.Select(field => field.Name))}",
        RecordShape or DictionaryShape => "a mapping",
        _ => "a value",
    };

    /// <summary>What stands in the file.</summary>
    public static string Found(Node node) => node switch
    {
        ScalarNode { Value: null } => "nothing",
        ScalarNode { Origin: { } origin } scalar => $"{Found(scalar with { Origin = null })}, from {origin}",
        ScalarNode { Value: string text } => $"the text '{Short(text)}'",
        ScalarNode { Value: bool flag } => flag ? "true" : "false",
        ScalarNode { Value: double number } scalar when !double.IsFinite(number) => scalar.Text,
        ScalarNode scalar => $"the number {Short(scalar.Text)}",
        ListNode list => list.Items.Count == 0 ? "an empty list" : "a list",
        MapNode => "a mapping",
        _ => "an expression",
    };

    /// <summary>What usually is behind such a mix-up; empty if nothing comes to mind.</summary>
    public static string Hint(Node node, Shape shape) => (shape, node) switch
    {
        (_, ScalarNode { Origin: not null }) => "",
        (IntegerShape or NumberShape, ScalarNode { Value: string text }) when CoreSchema.Resolve(text) is long or double =>
            " Remove the quotes.",
        (BooleanShape, ScalarNode { Value: "yes" or "on" or "y" or "Yes" or "On" }) => " In YAML 1.2 that is text; did you mean true?",
        (BooleanShape, ScalarNode { Value: "no" or "off" or "n" or "No" or "Off" }) => " In YAML 1.2 that is text; did you mean false?",
        (TextShape { Form: StepsAttribute }, ScalarNode { Value: long steps }) => $" Did you mean '{steps} steps'?",
        (TextShape { Form: DurationAttribute or SizeAttribute }, ScalarNode { Value: long or double }) => " Add the unit.",
        (TextShape or ChoiceShape, ScalarNode { Value: bool or long or double } scalar) =>
            $" Put it in quotes to make it text: \"{scalar.Text}\".",
        (ListShape, ScalarNode { Value: string text }) =>
            $" Did you mean [{Short(string.Join(", ", text.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries)))}]?",
        (DictionaryShape { KeyForm: not null }, ListNode) => " Write the id as the key: 'id: { ... }', without '-'.",
        (RecordShape { ExactlyOne: true } record, ScalarNode { Value: string text }) =>
            $" Did you mean {{ {DidYouMean.Nearest(text, [.. record.Fields.Select(field => field.Name)]) ?? Short(text)}: {{}} }}?",
        _ => "",
    };

    /// <summary>Why a reference that is filled in late cannot stand here.</summary>
    public static string Later(LateTextNode late) => late.References[0].Root switch
    {
        "secrets" => $"'{late.References[0]}' cannot stand here, because it would be written to job files and the journal. "
            + "A secret can stand in the 'webhook' of 'notify'; a stage's program finds its secrets in the environment.",
        _ => $"'{late.References[0]}' is known only when the job starts; it can stand under 'run' of a command stage.",
    };

    /// <summary>A range in words.</summary>
    public static string Range<T>(T min, T max) where T : IComparable<T> =>
        (IsOpen(min), IsOpen(max)) switch
        {
            (true, true) => "finite",
            (false, true) => $"at least {Number(min)}",
            (true, false) => $"at most {Number(max)}",
            _ => $"between {Number(min)} and {Number(max)}",
        };

    /// <summary>A number as people write it: 5e-5, not 5E-05.</summary>
    public static string Number(object? value) =>
        value is double real ? ShortNumber.Of(real) : Convert.ToString(value, CultureInfo.InvariantCulture)!;

    private static string Bounded<T>(string noun, T min, T max) where T : IComparable<T> =>
        (IsOpen(min), IsOpen(max)) switch
        {
            (true, true) => noun,
            (false, false) => $"{noun} {Range(min, max)}",
            _ => $"{noun}, {Range(min, max)}",
        };

    private static bool IsOpen(object bound) =>
        bound is (long)int.MinValue or (long)int.MaxValue or long.MinValue or long.MaxValue or double.MinValue or double.MaxValue;

    private static string Short(string text) => text.Length <= 60 ? text : $"{text[..57]}...";
}
