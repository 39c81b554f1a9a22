using Microsoft.Win32.SafeHandles;

namespace Opi;

/// <summary>What the start of a line or document shows of its format: the names of its properties, and a few values.</summary>
internal sealed class LogHead
{
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    /// <summary>The file that it is of; empty when it is of none.</summary>
    public string Path { get; private set; } = "";

    /// <summary>The value of <c>type</c>; empty when it has none.</summary>
    public string Type { get; private set; } = "";

    /// <summary>The value of <c>version</c>, where that is a small whole number.</summary>
    public int? Version { get; private set; }

    /// <summary>Whether it has a property, or a property of its <c>message</c>, <c>payload</c> or <c>msg</c>: <c>message.role</c>.</summary>
    public bool Has(string name) => _names.Contains(name);

    /// <summary>
    /// Finds out which source a file is of. Its first lines are checked, then lines after damage, until a line fits one source only. A
    /// line that several agents write alike counts if no other line shows more. An empty file has no source, which is not a failure;
    /// one that no source recognises is noted as failed.
    /// </summary>
    /// <returns>Whether it is to be read.</returns>
    public static bool Identify(LogFile file, IReadOnlyList<UsageLog> logs, CancellationToken cancellation)
    {
        SafeFileHandle? opened = null;
        try
        {
            return Identify(file, logs, ref opened, cancellation);
        }
        finally
        {
            opened?.Dispose();
        }
    }

    /// <summary>The same for the next reader of the file, which need not open it again.</summary>
    /// <param name="file">The file.</param>
    /// <param name="logs">The sources it may be of.</param>
    /// <param name="opened">Gets the file as it was opened, which the caller then owns; stays null where that was not needed.</param>
    /// <param name="cancellation">Stops it.</param>
    public static bool Identify(LogFile file, IReadOnlyList<UsageLog> logs, ref SafeFileHandle? opened, CancellationToken cancellation)
    {
        if (file.Log is { RefusesForeign: true })
        {
            return true;
        }

        IReadOnlyList<UsageLog> candidates = file.Log is null ? logs : [file.Log];
        var foreign = new HashSet<UsageLog>();
        UsageLog? likely = null;
        UsageLog? other = null;
        opened = file.Open();
        using var heads = new LogHeads(opened, cancellation);
        if (heads.IsDatabase)
        {
            file.IsDatabase = true; // its tables show whose it is
            return true;
        }

        if (DatabaseFile.IsNamedSo(file.Path) && heads.HasText)
        {
            file.Fail("it is not a SQLite database, or it is encrypted", isLog: true);
            return false;
        }

        if (heads.Container is { } container)
        {
            file.Fail($"it is {container}, which Opi does not read", isLog: true);
            return false;
        }

        foreach (LogHead head in heads.Read())
        {
            head.Path = file.Path;
            foreach (UsageLog log in candidates)
            {
                switch (log.Match(head))
                {
                    case LogMatch.Sure when !foreign.Contains(log):
                        file.Log = log;
                        return true;
                    case LogMatch.Likely:
                        likely ??= log;
                        break;
                    case LogMatch.Foreign:
                        foreign.Add(log);
                        break;
                }
            }

            other ??= UsageScan.AllLogs.FirstOrDefault(log => log.Match(head) == LogMatch.Sure);
        }

        if (likely is not null && !foreign.Contains(likely))
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

    /// <summary>Reads the object here.</summary>
    /// <param name="bytes">The bytes, from the beginning of an object.</param>
    /// <param name="length">Its length; 0 when it is not a whole object.</param>
    /// <returns>Null when it has no property.</returns>
    public static LogHead? Read(ReadOnlySpan<byte> bytes, out int length)
    {
        var head = new LogHead();
        length = head.Read(bytes);
        return head._names.Count > 0 ? head : null;
    }

    /// <summary>Reads the object here. Gives its length; 0 when it is not a whole object.</summary>
    private int Read(ReadOnlySpan<byte> bytes)
    {
        var json = new JsonCursor(bytes.StartsWith("\uFEFF"u8) ? bytes[3..] : bytes, lenient: true);
        try
        {
            json.BeginObject();
            while (json.NextProperty(out JsonString name))
            {
                string text = LogText.Read(name);
                _names.Add(text);
                if (name.Is("type"u8) && json.AtString())
                {
                    Type = LogText.Read(json.ReadString());
                }
                else if (text is "message" or "payload" or "msg" && json.AtObject())
                {
                    ReadInner(ref json, text);
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

    private void ReadInner(ref JsonCursor json, string outer)
    {
        json.BeginObject();
        while (json.NextProperty(out JsonString name))
        {
            _names.Add($"{outer}.{LogText.Read(name)}");
            json.Skip();
        }
    }
}
