using System.Globalization;
using System.Text.Json;

namespace Opi;

/// <summary>What was said in a file, as its reader finds it, and what is known of the session.</summary>
internal sealed class LogEntries(string path)
{
    private readonly List<LogEntry> _items = [];

    /// <summary>The file.</summary>
    public string Path { get; } = path;

    /// <summary>The session; null while not known.</summary>
    public string? SessionId { get; set; }

    /// <summary>The folder the agent worked in; null while not known.</summary>
    public string? Project { get; set; }

    /// <summary>What else the reader of the source keeps of the file.</summary>
    public object? State { get; set; }

    /// <summary>Whether what is added now is mostly in another line too.</summary>
    public bool IsRepeat { get; set; }

    /// <summary>What names an entry that has no id: the place of its line.</summary>
    public long Offset { get; set; }

    /// <summary>What was found since the list was emptied.</summary>
    public IReadOnlyList<LogEntry> Items => _items;

    /// <summary>Empties the list.</summary>
    public void Clear() => _items.Clear();

    /// <summary>Adds an entry of an Opi session.</summary>
    public void Add(SessionEntry entry, DateTimeOffset? time) =>
        _items.Add(new LogEntry(entry, SessionId, ProjectFolder.Plain(Project)) { Time = time, IsRepeat = IsRepeat });

    /// <summary>Adds a message: its blocks, and each result of a tool by itself.</summary>
    /// <param name="id">Its id; null where it has none.</param>
    /// <param name="time">When; null when not known.</param>
    /// <param name="role">Who speaks, by any agent's name.</param>
    /// <param name="content">A text or blocks, as <see cref="LogBlocks"/> takes them.</param>
    /// <param name="model">The model; null when not known.</param>
    /// <param name="provider">Who was asked; null when not known.</param>
    public void AddMessage(string? id, DateTimeOffset? time, LogRole role, LogValue content, string? model = null, string? provider = null)
    {
        var blocks = new List<object>();
        LogBlocks.Read(content, blocks, MillisecondsOf(time));
        AddBlocks(id, time, role, blocks, model, provider);
    }

    /// <summary>Adds a message of a text.</summary>
    public void AddText(string? id, DateTimeOffset? time, LogRole role, string? text, string? model = null, string? provider = null)
    {
        if (!string.IsNullOrEmpty(text))
        {
            AddBlocks(id, time, role, [new TextContent(text)], model, provider);
        }
    }

    /// <summary>Adds blocks as messages.</summary>
    public void AddBlocks(string? id, DateTimeOffset? time, LogRole role, List<object> blocks, string? model = null, string? provider = null)
    {
        (string name, string text) = (IdOf(id), WireTime.ToText(time) ?? "");
        var said = new List<object>();
        foreach (object block in blocks)
        {
            if (block is ToolResultMessage result)
            {
                Flush();
                Add(new MessageEntry(name, null, text, result), time);
            }
            else
            {
                said.Add(block);
            }
        }

        Flush();

        void Flush()
        {
            if (said.Count > 0)
            {
                Add(new MessageEntry(name, null, text, Make(said, role, MillisecondsOf(time), model, provider)), time);
                said.Clear();
            }
        }
    }

    /// <summary>Adds the result of a tool.</summary>
    public void AddResult(string? id, DateTimeOffset? time, string? call, string? tool, LogValue content, bool isError = false)
    {
        var blocks = new List<object>();
        LogBlocks.ReadResult(content, blocks);
        var result = new ToolResultMessage(call ?? "", tool ?? "", blocks.Select(LogBlocks.ToInput), MillisecondsOf(time)) { IsError = isError };
        Add(new MessageEntry(IdOf(id), null, WireTime.ToText(time) ?? "", result), time);
    }

    /// <summary>Adds a tool call.</summary>
    public void AddCall(string? id, DateTimeOffset? time, string? call, string? tool, LogValue arguments, string? model = null) =>
        AddBlocks(id, time, LogRole.Assistant, [LogBlocks.Call(call, tool, arguments)], model);

    /// <summary>Adds the name of the session.</summary>
    public void AddName(string? id, DateTimeOffset? time, string? name)
    {
        if (!string.IsNullOrEmpty(name))
        {
            Add(new SessionInfoEntry(IdOf(id), null, WireTime.ToText(time) ?? "", name), time);
        }
    }

    /// <summary>Adds the summary of a compaction.</summary>
    public void AddSummary(string? id, DateTimeOffset? time, string? summary)
    {
        if (!string.IsNullOrEmpty(summary))
        {
            Add(new CompactionEntry(IdOf(id), null, WireTime.ToText(time) ?? "", summary, "", 0, 0), time);
        }
    }

    /// <summary>Adds a value whose kind is not known. All its texts count.</summary>
    /// <param name="id">Its id; null where it has none.</param>
    /// <param name="time">When; null when not known.</param>
    /// <param name="kind">The agent's name of its kind.</param>
    /// <param name="value">The value.</param>
    /// <param name="envelope">The members that each line of the agent has, which are not part of a message; null for none.</param>
    public void AddOther(string? id, DateTimeOffset? time, string kind, LogValue value, IReadOnlySet<string>? envelope = null)
    {
        ReadOnlySpan<byte> said = envelope is null || !value.IsObject ? value.Raw : Without(value, envelope);
        if (!said.IsEmpty)
        {
            using JsonDocument document = LogLeaves.Parse(said);
            Add(new UnknownEntry(IdOf(id), null, WireTime.ToText(time) ?? "", kind, document.RootElement.Clone()), time);
        }
    }

    private static byte[] Without(LogValue value, IReadOnlySet<string> envelope)
    {
        var rest = new List<byte> { (byte)'{' };
        foreach (LogMember member in value.Members)
        {
            if (!envelope.Contains(LogText.Decode(member.Name)))
            {
                rest.AddRange(rest.Count > 1 ? ",\""u8 : "\""u8);
                rest.AddRange(member.Name.Raw);
                rest.AddRange("\":"u8);
                rest.AddRange(member.Value.Raw);
            }
        }

        rest.Add((byte)'}');
        return [.. rest];
    }

    private static Message Make(List<object> blocks, LogRole role, long time, string? model, string? provider) =>
        role == LogRole.Assistant || blocks.Exists(block => block is ThinkingContent or ToolCallContent)
            ? new AssistantMessage(blocks.Cast<IAssistantContent>(), provider ?? "", model ?? "", time)
        : role == LogRole.System ? new SystemMessage(blocks.Select(LogBlocks.ToInput), time)
        : new UserMessage(blocks.Select(LogBlocks.ToInput), time);

    private static long MillisecondsOf(DateTimeOffset? time) => time?.ToUnixTimeMilliseconds() ?? 0;

    private string IdOf(string? id) => id is { Length: > 0 } ? id : "@" + Offset.ToString(CultureInfo.InvariantCulture);
}
