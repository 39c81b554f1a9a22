namespace Opi;

/// <summary>The value is not a reply of a model that is known here.</summary>
internal sealed class UnknownReplyException : OpiException
{
    public UnknownReplyException(string reason)
        : base(reason, "reply")
    {
    }

    public override string ErrorId => "UnknownReply";

    /// <summary>Whether a part of the reply is missing because it was written as JSON with a limited depth.</summary>
    public bool IsCut { get; init; }

    /// <summary>Of a value that has no known shape, whether the caller named the shape; null for any other error.</summary>
    internal bool? IsShapeNamed { get; init; }
}
