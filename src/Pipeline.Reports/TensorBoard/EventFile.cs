using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using Google.Protobuf;

namespace Pipeline.Reports.TensorBoard;

/// <summary>
/// Makes an event file: TFRecords, each a <c>tensorflow.Event</c>. A record is its length, the masked CRC-32C of the length,
/// the message, and the masked CRC-32C of the message, all little-endian.
/// </summary>
/// <remarks>Formats: tensorflow/core/lib/io/record_writer.h and tensorflow/core/util/event.proto. Field numbers are from there.</remarks>
internal sealed class EventFile
{
    private const string Version = "brain.Event:2"; // scalars as simple_value
    private const uint MaskDelta = 0xa282ead8;

    // Event
    private const int WallTime = 1, Step = 2, FileVersion = 3, Summary = 5;
    // Summary, and Summary.Value
    private const int Value = 1, Tag = 1, SimpleValue = 2;

    private readonly ArrayBufferWriter<byte> _file = new();

    /// <summary>Begins a file.</summary>
    /// <param name="begun">When the first step was.</param>
    public EventFile(DateTimeOffset begun)
    {
        Record(Message(output =>
        {
            Time(output, begun);
            output.WriteTag(FileVersion, WireFormat.WireType.LengthDelimited);
            output.WriteString(Version);
        }));
    }

    /// <summary>What it holds so far.</summary>
    public ReadOnlySpan<byte> Bytes => _file.WrittenSpan;

    /// <summary>Adds the metrics of a step.</summary>
    /// <param name="step">The step.</param>
    /// <param name="time">When it was logged.</param>
    /// <param name="values">The metrics by name.</param>
    public void Write(long step, DateTimeOffset time, IEnumerable<KeyValuePair<string, double>> values) => Record(Message(output =>
    {
        Time(output, time);
        output.WriteTag(Step, WireFormat.WireType.Varint);
        output.WriteInt64(step);
        Nested(output, Summary, summary =>
        {
            foreach (var (name, value) in values)
            {
                Nested(summary, Value, scalar =>
                {
                    scalar.WriteTag(Tag, WireFormat.WireType.LengthDelimited);
                    scalar.WriteString(name);
                    scalar.WriteTag(SimpleValue, WireFormat.WireType.Fixed32);
                    scalar.WriteFloat((float)value);
                });
            }
        });
    }));

    private static void Time(CodedOutputStream output, DateTimeOffset time)
    {
        output.WriteTag(WallTime, WireFormat.WireType.Fixed64);
        output.WriteDouble(time.ToUnixTimeMilliseconds() / 1000.0);
    }

    private static void Nested(CodedOutputStream output, int field, Action<CodedOutputStream> write)
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(ByteString.CopyFrom(Message(write)));
    }

    private static byte[] Message(Action<CodedOutputStream> write)
    {
        using var bytes = new MemoryStream();
        using (var output = new CodedOutputStream(bytes, leaveOpen: true)) write(output);
        return bytes.ToArray();
    }

    private void Record(ReadOnlySpan<byte> message)
    {
        Span<byte> header = stackalloc byte[12];
        BinaryPrimitives.WriteInt64LittleEndian(header, message.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(header[8..], Masked(header[..8]));
        Span<byte> footer = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(footer, Masked(message));
        _file.Write(header);
        _file.Write(message);
        _file.Write(footer);
    }

    // Masked, because a CRC of data that holds CRCs is weak.
    private static uint Masked(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        foreach (var one in data) crc = BitOperations.Crc32C(crc, one);
        return BitOperations.RotateRight(~crc, 15) + MaskDelta;
    }
}
