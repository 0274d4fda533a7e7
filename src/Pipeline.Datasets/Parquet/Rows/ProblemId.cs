using System.Security.Cryptography;
using System.Text;
using Pipeline.Datasets.Chat;

namespace Pipeline.Datasets.Parquet.Rows;

/// <summary>Names a problem by a hash of what makes it that problem, so that splits can be kept disjoint by name.</summary>
public static class ProblemId
{
    /// <summary>The first 64 bits of a SHA-256: among a million problems two collide with probability 3e-8.</summary>
    private const int HexDigits = 16;

    /// <param name="canonical">
    /// The problem with everything removed that leaves it the same problem (say, the order of its terms).
    /// </param>
    /// <returns>16 lower-case hexadecimal digits.</returns>
    public static string Of(string canonical) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))[..HexDigits];

    /// <summary>For prompts that come without an id: the turns as they are, so only verbatim repeats are the same problem.</summary>
    public static string Of(IReadOnlyList<ChatMessage> prompt) =>
        Of(string.Join('\n', prompt.Select(turn => $"{turn.Role}: {turn.Content}")));
}
