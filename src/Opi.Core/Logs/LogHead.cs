using System.Buffers;
using System.Text;

namespace Opi;

/// <summary>What the start of a line or document shows of its format: the names of its properties, and a few values.</summary>
internal sealed class LogHead : IDisposable
{
    private const byte Separator = 0; // between names, which are kept as UTF-8

    private byte[] _names = ArrayPool<byte>.Shared.Rent(1 << 10);
    private int _namesEnd;

    /// <summary>The file that it is of; empty when it is of none.</summary>
    public string Path { get; private set; } = "";

    /// <summary>The value of <c>type</c>; empty when it has none.</summary>
    public string Type { get; private set; } = "";

    /// <summary>The value of <c>version</c>, where that is a small whole number.</summary>
    public int? Version { get; private set; }

    /// <summary>Whether it has a property, or a property of its <c>message</c>, <c>payload</c> or <c>msg</c>: <c>message.role</c>.</summary>
    public bool Has(string name)
    {
        int length = Encoding.UTF8.GetMaxByteCount(name.Length) + 2;
        Span<byte> wanted = length <= 256 ? stackalloc byte[256] : new byte[length];
        int end = Encoding.UTF8.GetBytes(name, wanted[1..]) + 1;
        wanted[0] = wanted[end] = Separator;
        return _names.AsSpan(0, _namesEnd).IndexOf(wanted[..(end + 1)]) >= 0;
    }

    /// <summary>Whether it has any property.</summary>
    public bool HasNames => _namesEnd > 0;

    /// <summary>
    /// Finds out which source a file is of. Its first lines are checked, then lines after damage, until a line fits one source only. A
    /// line that several agents write alike counts if no other line shows more. An empty file has no source, which is not a failure;
    /// one that no source recognises is noted as failed.
    /// </summary>
    /// <returns>Whether it is to be read.</returns>
    public static bool Identify(LogFile file, IReadOnlyList<UsageLog> logs, CancellationToken cancellation)
    {
        OpenedLog? opened = null;
        try
        {
            return Identify(file, logs, LogHeads.ShortLength, ref opened, cancellation);
        }
        finally
        {
            opened?.Dispose();
        }
    }

    /// <summary>The same for the next reader of the file, which need not open it again, nor read its beginning.</summary>
    /// <param name="file">The file.</param>
    /// <param name="logs">The sources it may be of.</param>
    /// <param name="opened">Gets the file as it was opened, which the caller then owns; stays null where that was not needed.</param>
    /// <param name="cancellation">Stops it.</param>
    public static bool Identify(LogFile file, IReadOnlyList<UsageLog> logs, ref OpenedLog? opened, CancellationToken cancellation) =>
        Identify(file, logs, OpenedLog.WindowLength, ref opened, cancellation);

    private static bool Identify(
        LogFile file, IReadOnlyList<UsageLog> logs, int length, ref OpenedLog? opened, CancellationToken cancellation)
    {
        if (file.Log is { RefusesForeign: true })
        {
            return true;
        }

        IReadOnlyList<UsageLog> candidates = file.Log is null ? logs : [file.Log];
        HashSet<UsageLog>? foreign = null;
        UsageLog? likely = null;
        UsageLog? other = null;
        opened = file.OpenLog();
        var heads = new LogHeads(opened, length, cancellation);
        if (heads.IsDatabase)
        {
            file.IsDatabase = true; // its tables show whose it is
            return true;
        }

        if (DatabaseFile.IsNamedSo(file.Path))
        {
            // An agent that was only just started has not written anything yet. Where its last writes are beside it, the rest was lost.
            bool isLost = heads.HasText || DatabaseFile.FilesBeside(file.Path).Any(beside => beside.Length > 0);
            file.Fail(heads.HasText ? "it is not a SQLite database, or it is encrypted" : "the database is empty", isLog: true, isEmpty: !isLost);
            return false;
        }

        if (heads.Container is { } container)
        {
            file.Fail($"it is {container}, which Opi does not read", isLog: true);
            return false;
        }

        using var head = new LogHead { Path = file.Path };
        while (heads.Next(head))
        {
            foreach (UsageLog log in candidates)
            {
                switch (log.Match(head))
                {
                    case LogMatch.Sure when foreign?.Contains(log) != true:
                        file.Log = log;
                        return true;
                    case LogMatch.Likely:
                        likely ??= log;
                        break;
                    case LogMatch.Foreign:
                        (foreign ??= []).Add(log);
                        break;
                }
            }

            other ??= SureOf(head);
        }

        if (likely is not null && foreign?.Contains(likely) != true)
        {
            (file.Log, file.IsGuess) = (likely, candidates.Count > 1);
            return true;
        }

        if (heads.HasText)
        {
            string wanted = candidates.Count == 1 ? $"it is not a log of {candidates[0].Source}" : "it is not a log that Opi reads";
            file.Fail(other is null || candidates.Contains(other) ? wanted : $"{wanted}, but of {other.Source}");
        }

        return false;
    }

    private static UsageLog? SureOf(LogHead head)
    {
        foreach (UsageLog log in UsageScan.AllLogs) // of each head that is not sure
        {
            if (log.Match(head) == LogMatch.Sure)
            {
                return log;
            }
        }

        return null;
    }

    /// <summary>Whether bytes begin with a whole object that has some property.</summary>
    public static bool IsObject(ReadOnlySpan<byte> bytes)
    {
        using var head = new LogHead();
        return head.Read(bytes) > 0 && head.HasNames;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_names);
        _names = [];
    }

    /// <summary>Reads the object here, in place of what was read before. Gives its length; 0 when it is not a whole object.</summary>
    public int Read(ReadOnlySpan<byte> bytes)
    {
        (Type, Version, _namesEnd) = ("", null, 0);
        var json = new JsonCursor(bytes.StartsWith("\uFEFF"u8) ? bytes[3..] : bytes, lenient: true);
        try
        {
            json.BeginObject();
            while (json.NextProperty(out JsonString name))
            {
                Add(default, name);
                if (name.Is("type"u8) && json.AtString())
                {
                    Type = LogText.Read(json.ReadString());
                }
                else if ((name.Is("message"u8) || name.Is("payload"u8) || name.Is("msg"u8)) && json.AtObject())
                {
                    ReadInner(ref json, name);
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

    private void ReadInner(ref JsonCursor json, JsonString outer)
    {
        json.BeginObject();
        while (json.NextProperty(out JsonString name))
        {
            Add(outer, name);
            json.Skip();
        }
    }

    private void Add(JsonString outer, JsonString name)
    {
        ReadOnlySpan<byte> before = LogText.Utf8(outer), own = LogText.Utf8(name);
        int length = before.Length + own.Length + 3;
        if (_names.Length - _namesEnd < length)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(_names.Length * 2, _namesEnd + length));
            _names.AsSpan(0, _namesEnd).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_names);
            _names = larger;
        }

        if (_namesEnd == 0)
        {
            _names[_namesEnd++] = Separator;
        }

        if (!before.IsEmpty)
        {
            Put(before);
            _names[_namesEnd++] = (byte)'.';
        }

        Put(own);
        _names[_namesEnd++] = Separator;
    }

    private void Put(ReadOnlySpan<byte> name)
    {
        name.CopyTo(_names.AsSpan(_namesEnd));
        _names.AsSpan(_namesEnd, name.Length).Replace(Separator, (byte)1); // no name that is asked for has such a character
        _namesEnd += name.Length;
    }
}
