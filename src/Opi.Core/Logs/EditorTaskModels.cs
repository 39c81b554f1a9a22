namespace Opi;

/// <summary>Which model a task in an editor used, and when: its requests do not name it in all versions.</summary>
internal sealed class EditorTaskModels
{
    private readonly List<(DateTimeOffset? Since, string Model, string? Provider)> _models = [];

    /// <summary>The project that the agent told the model about; null when it did not.</summary>
    public static string? FindProject(ReadOnlySpan<byte> history) => Between(history, "Current Workspace Directory ("u8, (byte)')');

    /// <summary>Reads what the agent told the model about itself with each message.</summary>
    public void ReadHistory(LogValue messages)
    {
        foreach (LogValue message in messages.Elements)
        {
            if (Between(message.Raw, "<model>"u8, (byte)'<') is { } model)
            {
                _models.Add((message["ts"u8].UnixTime, model, null));
            }
        }
    }

    /// <summary>Reads which models the agent noted, which is better than what it told them.</summary>
    public void ReadMetadata(LogValue metadata)
    {
        if (metadata["model_usage"u8] is { IsArray: true } usages)
        {
            var noted = new List<(DateTimeOffset?, string, string?)>();
            foreach (LogValue usage in usages.Elements)
            {
                if (usage["model_id"u8].Text is { } model)
                {
                    noted.Add((usage["ts"u8].UnixTime, model, usage["model_provider_id"u8].Text));
                }
            }

            if (noted.Count > 0)
            {
                _models.Clear();
                _models.AddRange(noted);
            }
        }
    }

    /// <summary>The model and the provider at a time: the last that was noted before, else the first.</summary>
    public (string? Model, string? Provider) At(DateTimeOffset? time)
    {
        (DateTimeOffset? Since, string Model, string? Provider)[] before = [.. _models.Where(model => model.Since is null || model.Since <= time)];
        return before.Length > 0 ? (before[^1].Model, before[^1].Provider) : _models.Count > 0 ? (_models[0].Model, _models[0].Provider) : default;
    }

    private static string? Between(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> start, byte end)
    {
        int at = bytes.LastIndexOf(start);
        ReadOnlySpan<byte> rest = at < 0 ? default : bytes[(at + start.Length)..];
        int length = rest.IndexOf(end);
        return length is > 0 and < 1000 ? LogText.Read(new JsonCursor([(byte)'"', .. rest[..length], (byte)'"'], lenient: true).ReadString()) : null;
    }
}
