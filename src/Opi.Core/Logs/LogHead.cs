using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace Opi;

/// <summary>What the start of a line or document shows of its format: the names of its properties, and a few values.</summary>
internal sealed class LogHead
{
    private const int FirstLength = 1 << 14;
    private const int MaxLength = 1 << 18;

    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    /// <summary>The value of <c>type</c>; empty when it has none.</summary>
    public string Type { get; private set; } = "";

    /// <summary>The value of <c>version</c>, where that is a small whole number.</summary>
    public int? Version { get; private set; }

    /// <summary>Whether it has a property.</summary>
    public bool Has(string name) => _names.Contains(name);

    /// <summary>
    /// Finds out which source a file is of, by its first lines. A file that is empty is nobody's, and that is no failure; one that no
    /// source recognises is noted as failed.
    /// </summary>
    /// <returns>Whether it is to be read.</returns>
    public static bool Identify(LogFile file, IReadOnlyList<UsageLog> logs, CancellationToken cancellation)
    {
        if (file.Log is { RefusesForeign: true })
        {
            return true;
        }

        IReadOnlyList<UsageLog> candidates = file.Log is null ? logs : [file.Log];
        UsageLog? other = null;
        bool any = false;
        using SafeFileHandle handle = file.Open();
        for (int length = FirstLength; length <= MaxLength; length *= 4)
        {
            cancellation.ThrowIfCancellationRequested();
            byte[] buffer = ArrayPool<byte>.Shared.Rent(length);
            try
            {
                int filled = RandomAccess.Read(handle, buffer.AsSpan(0, length), 0);
                any |= !buffer.AsSpan(0, filled).Trim(" \t\r\n"u8).IsEmpty;
                if (ContainerOf(buffer.AsSpan(0, filled)) is { } container)
                {
                    file.Fail($"it is {container}, which Opi does not read", isLog: true);
                    return false;
                }

                foreach (LogHead head in ReadAll(buffer.AsMemory(0, filled)))
                {
                    if (candidates.FirstOrDefault(log => log.Recognises(head)) is { } found)
                    {
                        file.Log = found;
                        return true;
                    }

                    other ??= UsageScan.AllLogs.FirstOrDefault(log => log.Recognises(head));
                }

                if (filled < length)
                {
                    break;
                }
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }

        if (any)
        {
            string wanted = candidates.Count == 1 ? $"it is no log of {candidates[0].Source}" : "it is no log that Opi reads";
            file.Fail(other is null ? wanted : $"{wanted}, but of {other.Source}");
        }

        return false;
    }

    /// <summary>What agents also keep their messages in, by its first bytes; null for text.</summary>
    private static string? ContainerOf(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith("SQLite format 3\0"u8) ? "a SQLite database"
        : bytes.StartsWith((ReadOnlySpan<byte>)[0x28, 0xB5, 0x2F, 0xFD]) ? "compressed with zstd"
        : bytes.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]) ? "compressed with gzip"
        : null;

    private static IEnumerable<LogHead> ReadAll(ReadOnlyMemory<byte> bytes)
    {
        int at = 0;
        while (at < bytes.Length)
        {
            var head = new LogHead();
            int length = head.Read(bytes.Span[at..]);
            if (head._names.Count > 0)
            {
                yield return head;
            }

            if (length == 0)
            {
                int newline = bytes.Span[at..].IndexOf((byte)'\n');
                length = newline < 0 ? bytes.Length : newline + 1;
            }

            at += length;
        }
    }

    /// <summary>Reads what stands here. Gives its length; 0 when it is no whole object.</summary>
    private int Read(ReadOnlySpan<byte> bytes)
    {
        var json = new JsonCursor(bytes.StartsWith("\uFEFF"u8) ? bytes[3..] : bytes, lenient: true);
        try
        {
            json.BeginObject();
            while (json.NextProperty(out JsonString name))
            {
                _names.Add(LogText.Read(name));
                if (name.Is("type"u8) && json.AtString())
                {
                    Type = LogText.Read(json.ReadString());
                }
                else if (name.Is("version"u8) && !json.AtString())
                {
                    Version = LogText.TryReadTokens(json.Skip(), out long version) && version < 100 ? (int)version : null;
                }
                else
                {
                    json.Skip();
                }
            }

            return json.Position + (bytes.StartsWith("\uFEFF"u8) ? 3 : 0);
        }
        catch (WireException)
        {
            return 0; // torn, or longer than what was read: what was seen counts
        }
    }
}
