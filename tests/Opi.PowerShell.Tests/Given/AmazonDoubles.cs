#pragma warning disable IDE0130 // the names of the SDK are what is tested

using System.Diagnostics.CodeAnalysis;

namespace Amazon.Runtime
{
    /// <summary>Stands for the SDK's base of enums that may grow.</summary>
    public class ConstantClass(string value)
    {
        public string Value { get; } = value;

        public override string ToString() => "not asked for";
    }

    public class AmazonWebServiceResponse
    {
        public int HttpStatusCode { get; set; } = 200;
    }
}

namespace Amazon.Runtime.Documents
{
    /// <summary>Stands for the SDK's document of free form.</summary>
    public readonly struct Document(object? value)
    {
        public bool IsDictionary() => value is Dictionary<string, Document>;

        public bool IsList() => value is List<Document>;

        public bool IsString() => value is string;

        public bool IsBool() => value is bool;

        public bool IsInt() => value is int;

        public bool IsLong() => value is long;

        public bool IsDouble() => value is double;

        public Dictionary<string, Document> AsDictionary() => (Dictionary<string, Document>)value!;

        public List<Document> AsList() => (List<Document>)value!;

        public string AsString() => (string)value!;

        public bool AsBool() => (bool)value!;

        public int AsInt() => (int)value!;

        public long AsLong() => (long)value!;

        public double AsDouble() => (double)value!;
    }
}

namespace Amazon.BedrockRuntime.Model
{
    using Amazon.Runtime;
    using Amazon.Runtime.Documents;

    public sealed class ReasoningTextBlock
    {
        public string? Text { get; set; }

        public string? Signature { get; set; }
    }

    public sealed class ReasoningContentBlock
    {
        public ReasoningTextBlock? ReasoningText { get; set; }
    }

    [SuppressMessage("Naming", "CA1721", Justification = "The SDK's name.")]
    public sealed class ToolUseBlock
    {
        public string? ToolUseId { get; set; }

        public string? Name { get; set; }

        public Document Input { get; set; }
    }

    public sealed class ContentBlock
    {
        public string? Text { get; set; }

        public ToolUseBlock? ToolUse { get; set; }

        public ReasoningContentBlock? ReasoningContent { get; set; }
    }

    public sealed class Message
    {
        public List<ContentBlock> Content { get; init; } = [];

        public ConstantClass? Role { get; set; }
    }

    public sealed class ConverseOutput
    {
        public Message? Message { get; set; }
    }

    public sealed class TokenUsage
    {
        public int? InputTokens { get; set; }

        public int? OutputTokens { get; set; }

        public int? TotalTokens { get; set; }

        public int? CacheReadInputTokens { get; set; }
    }

    public sealed class ConverseResponse : AmazonWebServiceResponse
    {
        public ConverseOutput? Output { get; set; }

        public ConstantClass? StopReason { get; set; }

        public TokenUsage? Usage { get; set; }
    }
}
