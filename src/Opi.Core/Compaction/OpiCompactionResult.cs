using System.Globalization;

namespace Opi;

/// <summary>What a compaction did.</summary>
/// <param name="SessionId">The session.</param>
/// <param name="Reason">Why it ran.</param>
/// <param name="Summary">The summary, now the first message of the context; empty when only tools' results were cleared.</param>
/// <param name="SummarySource">Where it came from.</param>
/// <param name="FirstKeptEntryId">The first entry that stayed.</param>
/// <param name="TokensBefore">Estimated tokens of the context before.</param>
/// <param name="TokensAfter">Estimated tokens of what stayed, without the summary.</param>
/// <param name="EntriesCompacted">How many messages the summary replaces; 0 without one.</param>
/// <param name="EntriesKept">How many stayed.</param>
/// <param name="Messages">The new context: the summary, where there is one, and the messages that stayed.</param>
public sealed record OpiCompactionResult(
    string SessionId,
    CompactionReason Reason,
    string Summary,
    SummarySource SummarySource,
    string FirstKeptEntryId,
    long TokensBefore,
    long TokensAfter,
    int EntriesCompacted,
    int EntriesKept,
    IReadOnlyList<AgentMessage> Messages)
{
    private readonly ValueList<AgentMessage> _messages = new(Messages is LazyMessages ? Messages : new TextList<AgentMessage>(Messages));
    private readonly ValueList<string> _cleared = new(new TextList<string>([]));
    private readonly ValueList<string> _kept = new(new TextList<string>([]));
    private readonly ValueList<string> _pinned = new(new TextList<string>([]));
    private readonly ValueList<string> _recoverable = new(new TextList<string>([]));
    private readonly ValueList<OpiDigestSection> _sections = new(new TextList<OpiDigestSection>([]));

    /// <summary>
    /// The new context: the summary and the messages that stayed. As text it is the texts of all. Those of a context of many megabytes are read from
    /// the session's file when they are asked for.
    /// </summary>
    public IReadOnlyList<AgentMessage> Messages { get => _messages.Items; init => _messages = new(value); }

    /// <summary>What the summary cost; null when nothing, or when it was not reported.</summary>
    public Usage? Usage { get; init; }

    /// <summary>Estimated tokens of the new context, with the summary, and with all that a model sees of the messages.</summary>
    public long ContextTokens { get; init; }

    /// <summary>
    /// The largest message of the new context when it is still too large for the window, because the newest message or tool group alone is;
    /// null when it fits. Cutting cannot help there.
    /// </summary>
    public string? OversizedEntryId { get; init; }

    /// <summary>
    /// The entries of the tools' results that were cleared, oldest first; empty when none was. The session keeps them, and in the context a line in
    /// each one's place says which it is.
    /// </summary>
    public IReadOnlyList<string> ClearedEntryIds { get => _cleared.Items; init => _cleared = new(new TextList<string>(value)); }

    /// <summary>The entries of the messages that stay in the context, oldest first, without the summary.</summary>
    public IReadOnlyList<string> KeptEntryIds { get => _kept.Items; init => _kept = new(new TextList<string>(value)); }

    /// <summary>The pinned ones among them.</summary>
    public IReadOnlyList<string> PinnedEntryIds { get => _pinned.Items; init => _pinned = new(new TextList<string>(value)); }

    /// <summary>
    /// The entries whose content is not in the context any more and that the session keeps whole: those that left, an earlier summary too, and
    /// those that were cleared.
    /// </summary>
    public IReadOnlyList<string> RecoverableEntryIds { get => _recoverable.Items; init => _recoverable = new(new TextList<string>(value)); }

    /// <summary>What the digest names, section by section; empty where the summary is not a digest.</summary>
    public IReadOnlyList<OpiDigestSection> DigestSections { get => _sections.Items; init => _sections = new(new TextList<OpiDigestSection>(value)); }

    /// <summary>What happened, in one line.</summary>
    public override string ToString() => SummarySource == SummarySource.None
        ? $"{Reason}: {Count(ClearedEntryIds.Count, "result")} of tools cleared"
        : string.Create(CultureInfo.InvariantCulture, $"{Reason}: {Count(EntriesCompacted, "message")} compacted, {EntriesKept} kept");

    private static string Count(long count, string noun) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {noun}{(count == 1 ? "" : "s")}");
}
