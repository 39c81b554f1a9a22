using System.Management.Automation;

namespace Opi.PowerShell;

/// <summary>Takes the output of a script block that sends a request, object by object.</summary>
internal sealed class SenderOutput(Action<TurnPiece> received, CancellationToken cancellationToken)
{
    /// <summary>Why what came is not a reply; null while it is.</summary>
    public Exception? Error { get; private set; }

    /// <summary>Takes an object. The first that is not a reply ends the script block.</summary>
    public void Add(object? value)
    {
        object? plain = value is PSObject wrapped && wrapped.BaseObject is not PSCustomObject ? wrapped.BaseObject : value;
        if (plain is null || ReferenceEquals(plain, System.Management.Automation.Internal.AutomationNull.Value))
        {
            return;
        }

        try
        {
            Take(plain);
        }
        catch (Exception error)
        {
            Error ??= error is UnknownReplyException
                ? new SendFailedException($"what the -Send script block puts out is not a reply: {error.Message}", error)
                : error;
            throw;
        }
    }

    private void Take(object value)
    {
        int? status = SenderError.StatusOf(value);
        switch (value)
        {
            case ErrorRecord error:
                throw SenderError.Of(error);
            case Exception thrown:
                throw SenderError.Of(new ErrorRecord(thrown, "SendFailed", ErrorCategory.NotSpecified, null));
        }

        GivenReply reply;
        try
        {
            reply = ReplyObject.Read(value, cancellationToken);
        }
        catch (UnknownReplyException error) when (status >= 400)
        {
            throw new SendFailedException(error.Message, error) { Status = status, RetryAfter = SenderError.RetryAfterOf(value) };
        }

        received(new TurnPiece(reply.Value, reply.RetryAfter, status));
    }
}
