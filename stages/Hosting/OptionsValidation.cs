using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using Pipeline.Protocol.Options;

namespace Pipeline.Stages.Hosting;

/// <summary>Holds an options record against the ranges and choices that its own attributes state, nested records included.</summary>
internal static class OptionsValidation
{
    /// <exception cref="ConfigException">The first value that is out of its range, with its place.</exception>
    public static void Check(object record, string path = "options")
    {
        var properties = record.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite).ToArray();
        if (record.GetType().IsDefined(typeof(ExactlyOneAttribute)) && properties.Count(property => property.GetValue(record) is not null) is var set and not 1)
            throw Invalid(path, $"names {set} of {string.Join(", ", properties.Select(Name))}; it must name exactly one.");

        foreach (var property in properties)
        {
            var value = property.GetValue(record);
            var place = $"{path}.{Name(property)}";
            foreach (var rule in property.GetCustomAttributes<ValidationAttribute>())
                if (!rule.IsValid(value)) throw Invalid(place, Describe(rule, value));
            if (value is IEnumerable items and not string and not IDictionary)
                foreach (var (item, index) in items.Cast<object>().Select((item, index) => (item, index))) CheckNested(item, $"{place}[{index}]");
            else
                CheckNested(value, place);
        }
    }

    private static void CheckNested(object? value, string place)
    {
        if (value?.GetType() is { Namespace: "Pipeline.Protocol.Options", IsEnum: false }) Check(value, place);
    }

    private static string Describe(ValidationAttribute rule, object? value) => rule switch
    {
        RangeAttribute range => string.Create(CultureInfo.InvariantCulture, $"is {value}; it must lie between {range.Minimum} and {range.Maximum}."),
        MinLengthAttribute length => $"has too few items; it needs at least {length.Length}.",
        _ => rule.FormatErrorMessage("it"),
    };

    private static string Name(PropertyInfo property) => JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name);

    private static ConfigException Invalid(string place, string what) => new(StageErrors.OptionInvalid, $"{place} {what}");
}
