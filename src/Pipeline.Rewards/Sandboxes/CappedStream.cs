using System.Text;

namespace Pipeline.Rewards.Sandboxes;

/// <summary>Reads what a program writes, and no more of it than there is room for.</summary>
internal static class CappedStream
{
    /// <summary>Reads to the end; what exceeds the limit is thrown away, so that the writer is never held up.</summary>
    /// <param name="stream">UTF-8; what is not is replaced.</param>
    /// <param name="limit">Bytes kept.</param>
    /// <param name="overflow">Called once, when there is more.</param>
    public static async Task<(string Text, bool IsCut)> ReadAsync(Stream stream, int limit, Action? overflow = null)
    {
        using var kept = new MemoryStream();
        var chunk = new byte[16384];
        var isCut = false;
        for (int count; (count = await stream.ReadAsync(chunk)) > 0;)
        {
            var room = limit - (int)kept.Length;
            kept.Write(chunk, 0, Math.Min(count, room));
            if (count <= room || isCut) continue;
            isCut = true;
            overflow?.Invoke();
        }
        return (Encoding.UTF8.GetString(kept.GetBuffer(), 0, (int)kept.Length), isCut);
    }
}
