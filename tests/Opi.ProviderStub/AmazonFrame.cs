using System.Buffers.Binary;
using System.Text;
using System.Text.Json;

namespace Opi.ProviderStub;

/// <summary>An event of Bedrock's streams as it goes over the wire: lengths, headers, the JSON, each part with its checksum.</summary>
internal static class AmazonFrame
{
    private const int Lengths = 8;
    private const int Checksum = 4;
    private const byte TextType = 7;

    /// <summary>The frame of an event that stands as <c>{"name":{...}}</c> in a line.</summary>
    public static byte[] Of(string line)
    {
        JsonProperty member = JsonDocument.Parse(line).RootElement.EnumerateObject().First();
        bool isError = member.Name.EndsWith("Exception", StringComparison.Ordinal);
        byte[] headers =
        [
            .. Header(isError ? ":exception-type" : ":event-type", member.Name),
            .. Header(":content-type", "application/json"),
            .. Header(":message-type", isError ? "exception" : "event"),
        ];
        byte[] payload = Encoding.UTF8.GetBytes(member.Value.GetRawText());
        byte[] frame = new byte[Lengths + Checksum + headers.Length + payload.Length + Checksum];
        BinaryPrimitives.WriteInt32BigEndian(frame, frame.Length);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(4), headers.Length);
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(Lengths), Sum(frame.AsSpan(0, Lengths)));
        headers.CopyTo(frame, Lengths + Checksum);
        payload.CopyTo(frame, Lengths + Checksum + headers.Length);
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(frame.Length - Checksum), Sum(frame.AsSpan(0, frame.Length - Checksum)));
        return frame;
    }

    private static byte[] Header(string name, string value)
    {
        byte[] text = Encoding.UTF8.GetBytes(value);
        return [(byte)name.Length, .. Encoding.ASCII.GetBytes(name), TextType, (byte)(text.Length >> 8), (byte)text.Length, .. text];
    }

    /// <summary>CRC-32 as zlib has it.</summary>
    private static uint Sum(ReadOnlySpan<byte> bytes)
    {
        uint sum = uint.MaxValue;
        foreach (byte one in bytes)
        {
            sum ^= one;
            for (int bit = 0; bit < 8; bit++)
            {
                sum = (sum & 1) != 0 ? (sum >> 1) ^ 0xEDB88320 : sum >> 1;
            }
        }

        return ~sum;
    }
}
