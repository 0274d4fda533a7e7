using System.Security.Cryptography;
using System.Text;
using Pipeline.Datasets.Chat;

namespace Pipeline.Datasets.Tokenization;

/// <summary>
/// Text to token ids and back, as the tokenizer.json of a model folder says. Encoding adds nothing of its own: tokens that
/// begin and end turns are written by the chat template. Safe to use from several threads.
/// </summary>
public sealed class Tokenizer
{
    private readonly BytePairModel _model;
    private readonly AddedTokens _added;
    private readonly Dictionary<string, int> _ids;
    private readonly Dictionary<int, string> _texts;
    private readonly ControlIds _control;

    private Tokenizer(string folder)
    {
        var path = Path.Combine(folder, "tokenizer.json");
        (_model, _added) = TokenizerJson.Read(JsonFiles.Read(path));
        _ids = new Dictionary<string, int>(_model.Vocabulary, StringComparer.Ordinal);
        foreach (var token in _added.All) _ids[token.Text] = token.Id;
        _texts = _ids.ToDictionary(pair => pair.Value, pair => pair.Key);
        VocabularySize = _texts.Keys.Max() + 1;
        _control = ControlIds.Read(folder, IdOf);
        Digest = DigestOf(folder);
    }

    /// <summary>Reads tokenizer.json, tokenizer_config.json and generation_config.json (the last two may be absent).</summary>
    /// <param name="folder">A model folder in Hugging Face's layout.</param>
    /// <exception cref="DatasetException">A file is missing, or asks for something that is not supported; it is named.</exception>
    public static Tokenizer Load(string folder)
    {
        try { return new(folder); }
        // A value of the wrong JSON type, an id twice, a merge of unknown tokens, a pattern that is none.
        catch (Exception error) when (error is InvalidOperationException or ArgumentException or FormatException or IndexOutOfRangeException)
        {
            throw new DatasetException(DatasetErrors.TokenizerFile,
                $"The tokenizer files in {folder} contradict their format: {error.Message} Fetch them anew.", error);
        }
    }

    /// <summary>One more than the greatest id: the least size of an embedding. Often padded up in a model.</summary>
    public int VocabularySize { get; }

    /// <summary>The ids that end a completion; empty if the folder names none.</summary>
    public IReadOnlySet<int> EosIds => _control.Eos;

    /// <summary>The token the template writes at the end of a turn; null if the folder names none.</summary>
    public string? EosToken => _control.EosText;

    /// <summary>The token that begins a text; null if the folder names none.</summary>
    public string? BosToken => _control.BosText;

    /// <summary>The id of <see cref="EosToken"/>.</summary>
    /// <exception cref="DatasetException">The folder names none.</exception>
    public int EosId => EosToken is { } text ? IdOf(text) : throw NoSuch("eos_token");

    /// <summary>The id that fills up rows of a batch; null if the folder names none, as Llama's do.</summary>
    public int? PadId => _control.Pad;

    /// <summary>
    /// SHA-256 over tokenizer.json and the chat template. Stages put it into checkpoints and refuse to combine a model
    /// with data of another digest: templates that drift between stages are a classic silent failure.
    /// </summary>
    public string Digest { get; }

    /// <summary>The ids of <paramref name="text"/>; added tokens that are written out in it become those tokens.</summary>
    /// <exception cref="DatasetException">A character has no token.</exception>
    public int[] Encode(string text)
    {
        var ids = new List<int>(text.Length);
        var at = 0;
        while (_added.Find(text, at) is var (token, found))
        {
            if (found > at) ids.AddRange(_model.Encode(text[at..found]));
            ids.Add(token.Id);
            at = found + token.Text.Length;
        }
        if (at < text.Length) ids.AddRange(_model.Encode(text[at..]));
        return [.. ids];
    }

    /// <summary>The ids of <paramref name="text"/> taken literally: an added token written in it is only its characters.</summary>
    /// <exception cref="DatasetException">A character has no token.</exception>
    public int[] EncodePlain(string text) => text.Length == 0 ? [] : [.. _model.Encode(text)];

    /// <summary>The text of <paramref name="ids"/>.</summary>
    /// <param name="ids">Token ids.</param>
    /// <param name="skipSpecial">Leaves out control tokens (end of sequence, padding, turn markup), not words like <c>&lt;think&gt;</c>.</param>
    /// <exception cref="DatasetException">An id is not in the vocabulary.</exception>
    public string Decode(ReadOnlySpan<int> ids, bool skipSpecial = false)
    {
        var text = new StringBuilder();
        var pending = new List<int>(); // a character may be spread over several tokens
        foreach (var id in ids)
        {
            if (_added.ById(id) is { } token)
            {
                Flush();
                if (!(skipSpecial && token.IsControl)) text.Append(token.Text);
            }
            else
            {
                _ = TokenOf(id);
                pending.Add(id);
            }
        }
        Flush();
        return text.ToString();

        void Flush()
        {
            if (pending.Count > 0) text.Append(_model.Decode(pending));
            pending.Clear();
        }
    }

    /// <summary>The id of a token by how it is written in the vocabulary.</summary>
    /// <exception cref="DatasetException">There is no such token.</exception>
    public int IdOf(string token) => _ids.TryGetValue(token, out var id) ? id : throw new DatasetException(
        DatasetErrors.TokenizerToken,
        $"The tokenizer has no token '{token}'. Its added tokens are {string.Join(" ", _added.All.Select(added => added.Text))}.");

    /// <summary>How a token is written in the vocabulary.</summary>
    /// <exception cref="DatasetException">There is no such id.</exception>
    public string TokenOf(int id) => _texts.TryGetValue(id, out var text) ? text : throw new DatasetException(
        DatasetErrors.TokenizerToken,
        $"The tokenizer has no token with id {id}; its ids end at {VocabularySize - 1}. Is it the tokenizer of another model?");

    /// <summary>How the id is written in the vocabulary; null if there is no such id, as in vocabularies with gaps.</summary>
    public string? Find(int id) => _texts.GetValueOrDefault(id);

    /// <summary>The first control token written out in <paramref name="text"/>, or null.</summary>
    public string? FindControlToken(string text)
    {
        var at = 0;
        while (_added.Find(text, at) is var (token, found))
        {
            if (token.IsControl) return token.Text;
            at = found + token.Text.Length;
        }
        return null;
    }

    /// <summary>Copies the tokenizer and its chat template, byte for byte, beside a model that is being written.</summary>
    /// <param name="from">The folder the tokenizer was loaded from.</param>
    /// <param name="to">The model's folder; made if it is not there.</param>
    public static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var name in (string[])["tokenizer.json", "tokenizer_config.json", ChatTemplate.FileName])
            if (File.Exists(Path.Combine(from, name))) File.Copy(Path.Combine(from, name), Path.Combine(to, name), overwrite: true);
    }

    private static string DigestOf(string folder)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(SHA256.HashData(File.ReadAllBytes(Path.Combine(folder, "tokenizer.json"))));
        if (ChatTemplate.FindSource(folder) is { } template) hash.AppendData(SHA256.HashData(Encoding.UTF8.GetBytes(template)));
        return "sha256:" + Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static DatasetException NoSuch(string name) => new(DatasetErrors.TokenizerToken,
        $"The tokenizer names no {name}. Add it to tokenizer_config.json.");
}
