using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Pipeline.Spec.Schema;

/// <summary>Summaries of types and properties, from the documentation files that the compiler writes beside the assemblies.</summary>
internal sealed partial class XmlDocs
{
    private readonly Dictionary<string, string> _summaries = [];

    /// <summary>The documentation beside each of <paramref name="assemblies"/>.</summary>
    public XmlDocs(params IEnumerable<Assembly> assemblies)
    {
        foreach (var assembly in assemblies)
            foreach (var member in XDocument.Load(Path.ChangeExtension(assembly.Location, ".xml")).Descendants("member"))
                if (member.Element("summary") is { } summary) _summaries[member.Attribute("name")!.Value] = Plain(summary);
    }

    /// <summary>The summary of a type.</summary>
    public string? Of(Type type) => _summaries.GetValueOrDefault($"T:{type.FullName}");

    /// <summary>The summary of a property.</summary>
    public string? Of(PropertyInfo property) => _summaries.GetValueOrDefault($"P:{property.DeclaringType!.FullName}.{property.Name}");

    /// <summary>The summary without its markup: a reference becomes its last name, white space one blank.</summary>
    private static string Plain(XElement summary)
    {
        var text = new StringBuilder();
        foreach (var node in summary.DescendantNodes())
        {
            if (node is XText words) text.Append(words.Value);
            else if (node is XElement { Name.LocalName: "see" } see) text.Append(see.Attribute("cref")?.Value.Split('.')[^1]);
        }
        return Blanks().Replace(text.ToString(), " ").Trim();
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
