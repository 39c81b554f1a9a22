using System.Text.Json;
using System.Text.Json.Serialization;

namespace Opi.Benchmarks;

/// <summary>A line as a program would model it that simply deserialises: the whole content, nothing more.</summary>
internal sealed record PlainLine
{
    public string Type { get; init; } = "";

    public string? Id { get; init; }

    public string? ParentId { get; init; }

    public string? Timestamp { get; init; }

    public PlainMessage? Message { get; init; }

    public string? Summary { get; init; }

    public string? FirstKeptEntryId { get; init; }
}

/// <summary>A message.</summary>
internal sealed record PlainMessage
{
    public string Role { get; init; } = "";

    public PlainBlock[] Content { get; init; } = [];

    public string? Api { get; init; }

    public string? Provider { get; init; }

    public string? Model { get; init; }

    public string? ResponseId { get; init; }

    public PlainUsage? Usage { get; init; }

    public string? StopReason { get; init; }

    public string? ToolCallId { get; init; }

    public string? ToolName { get; init; }

    public bool IsError { get; init; }

    public JsonElement? Details { get; init; }

    public long TimestampMs { get; init; }
}

/// <summary>A block of a message's content.</summary>
internal sealed record PlainBlock
{
    public string Type { get; init; } = "";

    public string? Text { get; init; }

    public string? Thinking { get; init; }

    public PlainToolCall? ToolCall { get; init; }
}

/// <summary>A call of a tool.</summary>
internal sealed record PlainToolCall(string Id, string Name, string Arguments);

/// <summary>Tokens.</summary>
internal sealed record PlainUsage(long InputTokens, long OutputTokens, long CacheReadTokens, long CacheWriteTokens);

/// <summary>The generated deserialiser.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(PlainLine))]
internal sealed partial class PlainContext : JsonSerializerContext;
