namespace Opi;

/// <summary>A tool cannot be offered to a model: its schema is not a JSON object, or two tools have one name.</summary>
internal sealed class InvalidToolException : OpiException
{
    /// <summary>Makes the error.</summary>
    /// <param name="toolName">The tool.</param>
    /// <param name="reason">What is wrong, as the end of a sentence.</param>
    /// <param name="innerException">The cause; null for none.</param>
    public InvalidToolException(string toolName, string reason, Exception? innerException = null)
        : base($"The tool '{toolName}' cannot be offered to a model: {reason}.", toolName, innerException)
    {
    }

    public override string ErrorId => "InvalidTool";
}
