using Pipeline.Cli.Output;
using Pipeline.Datasets.Tokenization;

namespace Pipeline.Stages.Generate;

/// <summary>Shows a completion while it is sampled: whole characters only, and nothing that a terminal would obey.</summary>
/// <param name="tokenizer">From tokens to text.</param>
/// <param name="terminal">Where it goes.</param>
public sealed class StreamedText(Tokenizer tokenizer, TextWriter terminal)
{
    private const char Incomplete = '\uFFFD'; // what a character's first bytes decode to before the rest has come

    private readonly List<int> _tokens = [];
    private int _shown;

    /// <summary>Shows what the token makes certain.</summary>
    public void Add(int token)
    {
        _tokens.Add(token);
        var text = Text();
        Show(text.TrimEnd(Incomplete));
    }

    /// <summary>Shows the rest and ends the line.</summary>
    public void End()
    {
        Show(Text());
        terminal.WriteLine();
    }

    private string Text() => tokenizer.Decode([.. _tokens], skipSpecial: true);

    private void Show(string text)
    {
        // A carriage return is held back: what it means depends on what follows.
        var end = text.EndsWith('\r') ? text.Length - 1 : text.Length;
        if (end <= _shown) return;
        terminal.Write(Printable.Of(text[_shown..end]));
        terminal.Flush();
        _shown = end;
    }
}
