using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Pipeline.Server.Access;

/// <summary>
/// The tokens that a server knows, by their SHA-256 alone: who reads the file that keeps them has no token. A plain hash
/// is enough for 256 random bits, which nobody guesses; that is why short tokens are refused.
/// </summary>
public sealed partial class AccessTokens
{
    private const string Hashed = "sha256:";
    private const int FewestCharacters = 32;
    private readonly List<(AccessToken Token, byte[] Hash)> _known = [];

    private AccessTokens() { }

    /// <summary>Reads the lines of a token file: a role, the hash of a token, its name; empty ones and those that begin with # say nothing.</summary>
    /// <param name="path">The file, as <see cref="Add"/> writes it.</param>
    /// <exception cref="ServerException"><see cref="ServerErrors.TokensInvalid"/>: it cannot be read, holds no token or something else.</exception>
    public static AccessTokens Read(string path)
    {
        if (!File.Exists(path)) throw Invalid($"There is no token file {path}. `pipeline token operate --to {path}` makes it with a first token.");
        var tokens = new AccessTokens();
        foreach (var (number, line) in File.ReadAllLines(path).Index())
        {
            if (line.Trim() is not { Length: > 0 } text || text.StartsWith('#')) continue;
            if (text.Split(' ', StringSplitOptions.RemoveEmptyEntries) is not [var role, var hash, .. var rest] || rest.Length > 1
                || ParseRole(role) is not { } known || ParseHash(hash) is not { } bytes || rest is [var name] && !NamePattern().IsMatch(name))
                throw Invalid($"Line {number + 1} of {path} is not `view {Hashed}HEX` or `operate {Hashed}HEX`, with or without a name. `pipeline token` writes such lines.");
            tokens._known.Add((new(known, rest is [var given] ? given : Nameless(bytes)), bytes));
        }
        return tokens._known.Count > 0 ? tokens : throw Invalid($"{path} holds no token. `pipeline token operate --to {path}` makes one.");
    }

    /// <summary>A single token, that may do everything.</summary>
    /// <exception cref="ServerException"><see cref="ServerErrors.TokensInvalid"/>: it is short enough to be guessed.</exception>
    public static AccessTokens Of(string token)
    {
        if (token.Length < FewestCharacters)
            throw Invalid($"The token has {token.Length} characters; one of fewer than {FewestCharacters} might be guessed. `pipeline token operate` makes one.");
        var hash = HashOf(token);
        return new AccessTokens { _known = { (new(AccessRole.Operate, Nameless(hash)), hash) } };
    }

    /// <summary>Makes a token and adds its hash to a file that its owner alone may read. The token itself is kept nowhere.</summary>
    /// <param name="path">The file; made if there is none.</param>
    /// <param name="role">What its holder may do.</param>
    /// <param name="name">What the journal is to call its holder; null for no name.</param>
    /// <returns>The token.</returns>
    /// <exception cref="ServerException"><see cref="ServerErrors.TokensInvalid"/>: it cannot be a name.</exception>
    public static string Add(string path, AccessRole role, string? name = null)
    {
        if (name is not null && !NamePattern().IsMatch(name))
            throw Invalid($"'{name}' cannot be the name of a token: letters, digits and . _ @ -, at most 40, as in anna or ci@lab.");
        var token = Make();
        var ours = new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) ours.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var file = new FileStream(path, ours);
        file.Write(Encoding.UTF8.GetBytes($"{role.ToString().ToLowerInvariant()} {Hashed}{Convert.ToHexStringLower(HashOf(token))}{(name is null ? "" : " " + name)}\n"));
        return token;
    }

    /// <summary>A new token: 256 random bits as 64 hexadecimal digits.</summary>
    public static string Make() => RandomNumberGenerator.GetHexString(64, lowercase: true);

    /// <summary>Whose <paramref name="token"/> it is; null if it is none of ours. Takes as long whatever it is.</summary>
    internal AccessToken? Find(string token)
    {
        var hash = HashOf(token);
        AccessToken? found = null;
        foreach (var known in _known) // all of them: the time tells nothing of which one was close
            if (CryptographicOperations.FixedTimeEquals(known.Hash, hash)) found = known.Token;
        return found;
    }

    private static byte[] HashOf(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    private static AccessRole? ParseRole(string word) => word switch { "view" => AccessRole.View, "operate" => AccessRole.Operate, _ => null };

    private static byte[]? ParseHash(string text) =>
        text.StartsWith(Hashed, StringComparison.Ordinal) && text.Length == Hashed.Length + 2 * SHA256.HashSizeInBytes && text[Hashed.Length..].All(char.IsAsciiHexDigit)
            ? Convert.FromHexString(text[Hashed.Length..])
            : null;

    private static string Nameless(byte[] hash) => $"token {Convert.ToHexStringLower(hash)[..8]}";

    private static ServerException Invalid(string message) => new(ServerErrors.TokensInvalid, message);

    [GeneratedRegex("^[A-Za-z0-9._@-]{1,40}$")]
    private static partial Regex NamePattern();
}
