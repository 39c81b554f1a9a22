using System.Management.Automation;
using System.Text.Json;

namespace Opi.PowerShell.Commands;

/// <summary>Builds a message for Add-OpiTurn.</summary>
[Cmdlet(VerbsCommon.New, "OpiMessage")]
[OutputType(typeof(UserMessage), typeof(AssistantMessage), typeof(ToolResultMessage))]
public sealed class NewOpiMessageCommand : UsageCmdlet
{
    private static readonly string[] AssistantOnly =
        [
            nameof(Thinking), nameof(ToolCall), nameof(Model), nameof(StopReason), nameof(ResponseId), nameof(ErrorMessage), nameof(InputTokens),
            nameof(OutputTokens), nameof(CacheReadTokens), nameof(CacheWriteTokens)
        ];

    private static readonly string[] ToolResultOnly = [nameof(ToolCallId), nameof(ToolName), nameof(Details), nameof(IsError)];

    private static readonly string[] InputOnly = [nameof(ImagePath), nameof(ImageUrl), nameof(MediaType), nameof(Document)];

    /// <summary>Whose message it is.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [Name<MessageRole>]
    public MessageRole Role { get; set; }

    /// <summary>The text; several are several blocks. Lines of which some are empty are one text.</summary>
    [Parameter(Position = 1, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [TextTransformation(AllowNull = true)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    public string[]? Text { get; set; } = [];

    /// <summary>Images to read from files.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string[] ImagePath { get; set; } = [];

    /// <summary>Images elsewhere.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string[] ImageUrl { get; set; } = [];

    /// <summary>The media type of the images of -ImageUrl, where their addresses do not show it.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateSet("image/png", "image/jpeg", "image/gif", "image/webp")]
    public string? MediaType { get; set; }

    /// <summary>Documents to read from files: texts and PDF.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string[] Document { get; set; } = [];

    /// <summary>What the model thought.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? Thinking { get; set; }

    /// <summary>The tools the model asks for.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ToolCallTransformation]
    public ToolCallContent[] ToolCall { get; set; } = [];

    /// <summary>The model that answered, as provider:model.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [EmptyAsNull]
    [ArgumentCompleter(typeof(ModelCompleter))]
    public string? Model { get; set; }

    /// <summary>Why the model stopped.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Name<StopReason>(AllowEmpty = true)]
    public StopReason? StopReason { get; set; }

    /// <summary>The provider's id of the reply.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [EmptyAsNull]
    public string? ResponseId { get; set; }

    /// <summary>What went wrong, when it did.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [EmptyAsNull]
    public string? ErrorMessage { get; set; }

    /// <summary>The call that the tool answers.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [EmptyAsNull]
    public string? ToolCallId { get; set; }

    /// <summary>The tool.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [EmptyAsNull]
    public string? ToolName { get; set; }

    /// <summary>Data of the tool to keep besides its text.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [JsonTransformation]
    public JsonElement? Details { get; set; }

    /// <summary>The tool failed.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public SwitchParameter IsError { get; set; }

    /// <summary>When it was made; now by default.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [IsoTime]
    public DateTimeOffset? Timestamp { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (FindMistake() is { } mistake)
        {
            WriteInvalidArgument("InvalidMessage", mistake, Role);
            return;
        }

        try
        {
            WriteObject(Build(Timestamp?.ToUnixTimeMilliseconds() ?? Now));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            WriteError(new ErrorRecord(error, "ImageNotReadable", ErrorCategory.ReadError, ImagePath));
        }
        catch (InvalidFileException refused)
        {
            WriteInvalidArgument("InvalidMessage", refused.Message, Role);
        }
    }

    private Message Build(long timestamp) => Role switch
    {
        MessageRole.User => new UserMessage(InputContent(), timestamp),
        MessageRole.Assistant => BuildAnswer(timestamp),
        _ => new ToolResultMessage(ToolCallId!, ToolName!, InputContent(), timestamp) { Details = Details, IsError = IsError },
    };

    private AssistantMessage BuildAnswer(long timestamp)
    {
        (string provider, string model) = ModelName.Split(Model);
        IAssistantContent[] thinking = Thinking is null ? [] : [new ThinkingContent(Thinking)];
        IEnumerable<TextContent> texts = Texts.Where(text => text.Length > 0).Select(text => new TextContent(text));
        return new AssistantMessage([.. thinking, .. texts, .. ToolCall], provider, model, timestamp)
        {
            StopReason = StopReason ?? (ToolCall.Length > 0 ? Opi.StopReason.ToolUse : Opi.StopReason.Stop),
            ResponseId = ResponseId,
            ErrorMessage = ErrorMessage,
            Usage = GivenUsage ?? Usage.Unknown,
        };
    }

    /// <summary>The texts, each a block; lines of which some are empty are one, since no provider takes an empty block.</summary>
    private string[] Texts => Text is null ? []
        : Text.Length > 1 && Text.Contains("") ? [string.Join('\n', Text)]
        : Text;

    private List<IInputContent> InputContent() =>
    [
        .. Texts.Select(text => new TextContent(text)),
        .. ImagePath.Select(ReadImage),
        .. ImageUrl.Select(url => new ImageContent(ImageSource.FromUrl(url), MediaType ?? ImageContent.MediaTypeOf(url)!)),
        .. Document.Select(path => DocumentFile.Read(ResolveFilePath(path), path)),
    ];

    /// <summary>An image as its bytes say what it is: the name of a file may say something else.</summary>
    private ImageContent ReadImage(string path)
    {
        byte[] bytes = GivenFile.ReadAllBytes(ResolveFilePath(path));
        string type = ImageCheck.MediaTypeOf(bytes) ?? throw new InvalidFileException(
            $"'{path}' is not an image that a session can hold: {ImageCheck.Describe(bytes)}. Use PNG, JPEG, GIF or WebP.");
        var image = new ImageContent(ImageSource.FromBase64(Convert.ToBase64String(bytes)), type);
        foreach (string warning in ImageCheck.Warnings(image))
        {
            WriteWarning($"The image '{path}' may be refused: {warning}.");
        }

        return image;
    }

    /// <summary>What does not fit together among the parameters; null when all does.</summary>
    private string? FindMistake()
    {
        if ((Misplaced(AssistantOnly, MessageRole.Assistant) ?? Misplaced(ToolResultOnly, MessageRole.ToolResult)) is { } misplaced)
        {
            return misplaced;
        }

        if (Role == MessageRole.Assistant && InputOnly.FirstOrDefault(MyInvocation.BoundParameters.ContainsKey) is { } input)
        {
            return $"-{input} is for messages of the user and results of tools.";
        }

        if (Role == MessageRole.ToolResult && (ToolCallId is null || ToolName is null))
        {
            return $"A tool's result needs -{(ToolCallId is null ? nameof(ToolCallId) : nameof(ToolName))}.";
        }

        if (MediaType is null && ImageUrl.FirstOrDefault(url => ImageContent.MediaTypeOf(url) is null) is { } unclear)
        {
            return $"The address '{unclear}' does not show which kind of image it is: give -MediaType.";
        }

        bool empty = Role != MessageRole.ToolResult
            && Texts.All(string.IsNullOrEmpty)
            && Document.Length == 0
            && ImagePath.Length == 0
            && ImageUrl.Length == 0
            && ToolCall.Length == 0
            && Thinking is null
            && ErrorMessage is null;
        return empty ? "A message needs content: give -Text." : null;
    }

    private bool IsGiven(string name) =>
        MyInvocation.BoundParameters.TryGetValue(name, out object? value) && value is not (null or "" or SwitchParameter { IsPresent: false });

    private string? Misplaced(string[] names, MessageRole role) =>
        Role != role && names.FirstOrDefault(IsGiven) is { } name
            ? $"-{name} is for messages of the role {role}."
            : null;
}
