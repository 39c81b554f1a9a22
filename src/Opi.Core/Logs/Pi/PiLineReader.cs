namespace Opi;

/// <summary>
/// Reads the lines of a session of pi, or of an agent that keeps its sessions in pi's format. Answers, the work of models inside tools,
/// summaries and what warms the cache all have a usage of the same form.
/// </summary>
internal sealed class PiLineReader(LogPart part, UsageSource source = UsageSource.Pi, string prefix = "pi") : ObjectLineReader(part)
{
    private string? _session;
    private string? _project;
    private string? _provider;
    private string? _model;

    protected override bool ReadObject(ref JsonCursor json)
    {
        var entry = new PiEntry();
        entry.Read(ref json);
        DateTimeOffset? time = LogText.ReadTime(entry.Timestamp) ?? entry.MessageTime;
        Part.File.Began ??= time;
        if (entry.Type.Is("session"u8))
        {
            (_session, _project) = (Text(entry.Id), Text(entry.Cwd));
        }
        else if (entry.Type.Is("model_change"u8))
        {
            (_provider, _model) = (Text(entry.Provider), Text(entry.Model) ?? Text(entry.ModelId));
        }
        else if (entry.Usage is { } counts)
        {
            Part.File.HasResponses = true;
            if (counts.Total > 0 || entry.Unknown.HasAmount || entry.Cost.Stated is not null)
            {
                Add(ref entry, counts, time);
            }
            else if (entry.Unknown.HasBadCount)
            {
                Skip(NoCount);
            }
        }
        else if (entry.Role.Is("assistant"u8))
        {
            Answers++;
        }

        return true;
    }

    private void Add(scoped ref PiEntry entry, UsageCounts counts, DateTimeOffset? time)
    {
        string? model = Text(entry.Model), provider = Text(entry.Provider);
        if (entry.Role.Is("assistant"u8))
        {
            (_provider, _model) = (provider, model);
        }
        else if (model is null && !entry.Role.Is("toolResult"u8))
        {
            (provider, model) = (_provider, _model); // a summary is the work of the active model; a tool may ask any
        }

        Part.Drafts.Add(new UsageDraft
        {
            Source = source,
            Timestamp = time,
            SessionId = _session,
            Project = _project,
            Model = model,
            Provider = provider,
            Counts = counts,
            Billing = entry.Cost.ToBilling(provider, entry.Unknown),
            LoggedCost = entry.Cost.Total,
            ResponseId = Text(entry.ResponseId),
            Path = Part.File.Path,
            Key = FormattableString.Invariant(
                $"{prefix}:{Text(entry.Id)}:{time?.UtcTicks}:{counts.Input}/{counts.Output}/{counts.CacheRead}/{counts.CacheWrite}"),
        });
    }

    private static string? Text(JsonString text) => text.Raw.IsEmpty ? null : LogText.Read(text);
}
