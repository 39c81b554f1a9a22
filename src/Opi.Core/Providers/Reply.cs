namespace Opi;

/// <summary>What is gathered from a reply before it becomes a message.</summary>
internal sealed class Reply(string provider)
{
    private readonly List<IAssistantContent> _content = [];
    private readonly List<string> _notKept = [];
    private int _calls;

    /// <summary>A streamed reply that has no end is given this reason by its reader.</summary>
    public const string CutOff = "opi_cut_off";

    /// <summary>The stop reason of Anthropic, Bedrock and Z.ai where the context took the whole window.</summary>
    public const string WindowExceeded = "model_context_window_exceeded";

    public string Provider { get; } = provider;

    public string? Id { get; init; }

    public string? Model { get; init; }

    /// <summary>What of it is billed; null for an answer of a request, which is not billed again.</summary>
    public BilledReply? Billed { get; set; }

    /// <summary>Whether anything of it was billed, as far as it says.</summary>
    public bool IsBilled => UsageFor(null, "").TotalTokens > 0;

    /// <summary>What the provider's message holds besides its content; null for nothing.</summary>
    public ProviderData? MessageData { get; set; }

    public StopReason StopReason { get; private set; }

    public string? Error { get; private set; }

    public bool HasContent => _content.Count > 0;

    public bool HasCall(string id) => _content.Exists(block => block is ToolCallContent call && call.Id == id);

    /// <summary>Adds a block of text; an empty one without other data adds nothing.</summary>
    public void AddText(string? text, ProviderData? data = null)
    {
        if (!string.IsNullOrEmpty(text) || data is not null)
        {
            _content.Add(new TextContent(text ?? "") { ProviderData = data });
        }
    }

    /// <summary>Adds a block that Opi has no type for, whole.</summary>
    /// <param name="kind">The provider's name of it.</param>
    /// <param name="standIn">What other providers get in its place; empty for nothing.</param>
    /// <param name="data">The block.</param>
    public void AddOpaque(string kind, string standIn, ProviderData data) => _content.Add(new OpaqueContent(kind, standIn, data));

    /// <summary>Notes that something of the reply has no place in a message, by its kind.</summary>
    public void NotKept(string kind) => _notKept.Add(kind);

    /// <summary>Adds a block of thinking; one that is empty, or has nothing but an id, adds nothing.</summary>
    public void AddThinking(string? text, string? signature = null, string? encryptedContent = null, string? id = null, ProviderData? data = null)
    {
        signature = string.IsNullOrEmpty(signature) ? null : signature;
        encryptedContent = string.IsNullOrEmpty(encryptedContent) ? null : encryptedContent;
        if (!string.IsNullOrEmpty(text) || signature is not null || encryptedContent is not null || data is not null)
        {
            _content.Add(new ThinkingContent(text ?? "") 
            {
                Id = id,
                Signature = signature,
                EncryptedContent = encryptedContent,
                ProviderData = data,
            });
        }
    }

    /// <summary>Adds a call. One without an id is named by its place among the calls.</summary>
    public void AddCall(string? id, string? name, string arguments, string? signature = null, ProviderData? data = null)
    {
        _calls++;
        _content.Add(new ToolCallContent(string.IsNullOrEmpty(id) ? CallId(_calls) : id, name ?? "", JsonHalves.Mend(arguments))
        {
            Signature = signature,
            ProviderData = data,
        });
    }

    /// <summary>The id of a call that the provider gave none: call-1, call-2.</summary>
    public static string CallId(int place) => $"call-{place}";

    /// <summary>
    /// Notes why the model stopped. A reason outside the four groups is an error with the reason as its text; no reason counts as
    /// done. Calls wait for their tools, also if a server reports a plain stop.
    /// </summary>
    public void Stop(string? reason, string[] done, string[] length, string[] toolUse)
    {
        if (reason == CutOff)
        {
            StopReason = StopReason.Aborted;
            Error = "The stream ended before the reply did.";
        }
        else if (reason == WindowExceeded)
        {
            StopReason = StopReason.ContextWindowExceeded;
        }
        else if (length.Contains(reason))
        {
            StopReason = StopReason.Length;
        }
        else if (string.IsNullOrEmpty(reason) || done.Contains(reason) || toolUse.Contains(reason))
        {
            StopReason = _calls > 0 || (toolUse.Contains(reason) && !done.Contains(reason)) ? StopReason.ToolUse : StopReason.Stop;
        }
        else
        {
            Fail(reason);
        }
    }

    public Reply AsBatch()
    {
        Billed = Billed?.AsBatch();
        return this;
    }

    /// <summary>Notes that the model stopped for a reason that <see cref="Stop(string?, string[], string[], string[])"/> does not know.</summary>
    public void Stop(StopReason reason, string? error = null)
    {
        StopReason = reason;
        Error = error;
    }

    /// <summary>Notes that the provider did not let the model go on.</summary>
    public void Fail(string reason)
    {
        StopReason = StopReason.Error;
        Error = reason;
    }

    public AssistantMessage ToMessage(string? askedModel, long timestampMs)
    {
        (string provider, string model) = ModelName.Split(askedModel);
        return new AssistantMessage(_content, provider.Length > 0 ? provider : Provider, model.Length > 0 ? model : Model ?? "", timestampMs)
        {
            ResponseModel = Model,
            ResponseId = Id,
            Usage = UsageFor(provider.Length > 0 ? provider : null, model),
            StopReason = StopReason,
            ErrorMessage = Error,
            ProviderData = MessageData,
            NotKept = [.. _notKept],
        };
    }

    private Usage UsageFor(string? provider, string askedModel) => Billed?.Read(new ReplyOrigin(provider, Model ?? askedModel)) ?? Usage.Unknown;
}
