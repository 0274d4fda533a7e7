using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Pipeline.Rewards.Code;

/// <summary>
/// LiveCodeBench's hidden tests as they are published: a JSON text, pickled by Python, deflated, in base64. A pickle is a program; of it only the
/// opcodes are read that put one text on the stack, and nothing is run.
/// </summary>
internal static class PackedTests
{
    private const byte Protocol = 0x80, Frame = 0x95, ShortText = 0x8c, Text = (byte)'X', LongText = 0x8d;

    /// <summary>The JSON text.</summary>
    /// <exception cref="FormatException">It is something else.</exception>
    public static string Read(string packed)
    {
        try
        {
            using var inflated = new ZLibStream(new MemoryStream(Convert.FromBase64String(packed)), CompressionMode.Decompress);
            using var pickle = new MemoryStream();
            inflated.CopyTo(pickle);
            return TextIn(pickle.ToArray());
        }
        catch (Exception error) when (error is InvalidDataException or ArgumentException or OverflowException)
        {
            throw new FormatException("No packed tests.", error);
        }
    }

    private static string TextIn(ReadOnlySpan<byte> pickle)
    {
        if (pickle is [Protocol, _, ..]) pickle = pickle[2..];
        if (pickle is [Frame, ..]) pickle = pickle[9..];
        return pickle switch
        {
            [ShortText, var length, ..] => Encoding.UTF8.GetString(pickle.Slice(2, length)),
            [Text, ..] => Encoding.UTF8.GetString(pickle.Slice(5, BinaryPrimitives.ReadInt32LittleEndian(pickle[1..]))),
            [LongText, ..] => Encoding.UTF8.GetString(pickle.Slice(9, checked((int)BinaryPrimitives.ReadInt64LittleEndian(pickle[1..])))),
            _ => throw new FormatException("The pickle is no text."),
        };
    }
}
