using Pipeline.Spec.Loading;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Pipeline.Spec.Yaml;

/// <summary>
/// Reads YAML text into <see cref="Node"/>s, by YamlDotNet's event parser: its own tree stops at the first duplicate
/// key and knows no place in aliased text.
/// </summary>
internal sealed class YamlReader
{
    /// <summary>Deeper nesting than any pipeline; keeps hostile text from exhausting the stack.</summary>
    private const int MaxDepth = 64;

    /// <summary>More values than any pipeline; keeps aliases of aliases ("billion laughs") from exhausting memory.</summary>
    private const int MaxSize = 200_000;

    private readonly string _text;
    private readonly Source _source;
    private readonly Problems _problems;
    private readonly Scanner _scanner;
    private readonly Parser _parser;
    private readonly Dictionary<AnchorName, Node> _anchors = [];

    private YamlReader(string text, Source source, Problems problems)
    {
        _text = text;
        _source = source;
        _problems = problems;
        _scanner = new Scanner(new StringReader(text), skipComments: true);
        _parser = new Parser(_scanner);
    }

    /// <summary>The one document in <paramref name="text"/>; null, with an error added, if there is none to be had.</summary>
    public static Node? Read(string text, Source source, Problems problems) => new YamlReader(text, source, problems).Document();

    private Node? Document()
    {
        try
        {
            _parser.Consume<StreamStart>();
            if (_parser.TryConsume<StreamEnd>(out _)) return Refuse(_source.Start, "The file is empty.");
            _parser.Consume<DocumentStart>();
            var root = ReadNode(depth: 0);
            _parser.Consume<DocumentEnd>();
            if (_parser.TryConsume<DocumentStart>(out var second))
                Refuse(At(second.Start), "A second document begins here; a file holds one pipeline.");
            return root;
        }
        catch (LimitException beyond)
        {
            return Refuse(At(beyond.Start), beyond.Message);
        }
        catch (YamlException torn)
        {
            var (line, hint) = SyntaxHint.For(torn, _text);
            return Refuse(line is { } elsewhere && _source.HasLines ? new Position(_source, elsewhere, 1) : At(torn.Start), hint);
        }
        catch (InvalidOperationException)
        {
            // YamlDotNet 18.1 throws this, without a place, for an unclosed bracket: `a: [1, 2` and then `b: 3`.
            return Refuse(At(_scanner.CurrentPosition), "A '[' or '{' is not closed before this line.");
        }
    }

    private Node ReadNode(int depth)
    {
        if (depth > MaxDepth) throw new LimitException(_parser.Current!.Start, $"More than {MaxDepth} levels of nesting.");
        if (_parser.TryConsume<AnchorAlias>(out var alias)) return Aliased(alias);

        var start = _parser.Require<NodeEvent>();
        Node node = start switch
        {
            Scalar scalar => ReadScalar(scalar),
            SequenceStart => ReadList(depth),
            _ => ReadMap(depth),
        };
        if (node.Size > MaxSize) throw new LimitException(start.Start, $"More than {MaxSize:N0} values with all aliases followed.");
        if (!start.Anchor.IsEmpty) _anchors[start.Anchor] = node;
        return node;
    }

    private Node Aliased(AnchorAlias alias)
    {
        if (_anchors.TryGetValue(alias.Value, out var node)) return node;
        _problems.Add(SpecErrors.Syntax, At(alias.Start), $"There is no anchor '&{alias.Value}' before this alias.");
        return new BrokenNode(At(alias.Start));
    }

    private Node ReadScalar(Scalar scalar)
    {
        _parser.MoveNext();
        var at = At(scalar.Start);
        var isText = scalar.Style != ScalarStyle.Plain;
        if (!scalar.Tag.IsEmpty && !scalar.Tag.IsNonSpecific)
        {
            if (scalar.Tag != "tag:yaml.org,2002:str")
            {
                _problems.Add(
                    SpecErrors.Syntax, at,
                    $"The tag {scalar.Tag.ToString().Replace("tag:yaml.org,2002:", "!!", StringComparison.Ordinal)} means nothing here; only !!str is known.");
                return new BrokenNode(at);
            }
            isText = true;
        }
        return new ScalarNode(at, isText ? scalar.Value : CoreSchema.Resolve(scalar.Value), scalar.Value);
    }

    private ListNode ReadList(int depth)
    {
        var start = _parser.Consume<SequenceStart>();
        var items = new List<Node>();
        while (!_parser.TryConsume<SequenceEnd>(out _)) items.Add(ReadNode(depth + 1));
        return new ListNode(At(start.Start), items);
    }

    private MapNode ReadMap(int depth)
    {
        var start = _parser.Consume<MappingStart>();
        var entries = new List<Entry>();
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            var key = ReadNode(depth + 1);
            var value = ReadNode(depth + 1);
            if (key is not ScalarNode { Text: var name })
                _problems.Add(SpecErrors.Syntax, key.At, "A key must be plain text.");
            else if (name == "<<")
                _problems.Add(
                    SpecErrors.Syntax, key.At,
                    "Merge keys ('<<') are not part of YAML 1.2. Use a parameter, 'defaults' or an alias for the whole value.");
            else if (entries.Find(entry => entry.Key == name) is { } first)
                _problems.Add(
                    SpecErrors.DuplicateKey, key.At,
                    $"'{name}' is here twice; the first is on line {first.At.Line}. Remove one of them.");
            else
                entries.Add(new Entry(name, key.At, value));
        }
        return new MapNode(At(start.Start), entries);
    }

    private Node? Refuse(Position at, string message)
    {
        _problems.Add(SpecErrors.Syntax, at, message);
        return null;
    }

    // On the command line there are no lines.
    private Position At(Mark mark) => _source.HasLines ? new(_source, (int)mark.Line, (int)mark.Column) : _source.Nowhere;

    private sealed class LimitException(Mark start, string message) : YamlException(start, start, message);
}
