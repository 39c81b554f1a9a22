using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace Opi.PowerShell;

/// <summary>
/// Lets a script block make the summary. It gets the messages as its first argument and in <c>$_</c>, and the request as its second. Its
/// output is the summary: text, a provider's reply, a message, or a table with Summary and the counts of tokens.
/// </summary>
internal sealed class ScriptBlockSummarizer(ScriptBlock script) : ISummarizer
{
    private readonly Runspace? _home = Runspace.DefaultRunspace;

    /// <summary>Runs the script block on this thread, so that the task has ended when this returns.</summary>
    public Task<SummaryResult?> SummarizeAsync(SummaryRequest request, CancellationToken cancellationToken) =>
        Task.FromResult<SummaryResult?>(Summarize(request, cancellationToken));

    /// <summary>What it is, for a table.</summary>
    public override string ToString() => "a script block";

    private SummaryResult Summarize(SummaryRequest request, CancellationToken cancellationToken)
    {
        if (Runspace.DefaultRunspace != _home)
        {
            throw new CompactionFailedException(
                request.SessionId,
                "the summariser belongs to another runspace. Compact there, or give this one's with Invoke-OpiCompaction -Summarizer.");
        }

        object[] messages = [.. request.Messages];
        try
        {
            return SummaryOutput.Read(ScriptBlockCall.Invoke(script, messages, messages, request), request.Model);
        }
        catch (PipelineStoppedException stopped)
        {
            throw new OperationCanceledException(stopped.Message, stopped, cancellationToken);
        }
        catch (RuntimeException error)
        {
            throw Failure(request.SessionId, error);
        }
        catch (OpiException error) when (error is ProviderErrorException or UnknownReplyException)
        {
            throw Failure(request.SessionId, error);
        }
    }

    /// <summary>The failure of the script as an error of the library: whether the model's window was too small decides what happens next.</summary>
    private static OpiException Failure(string sessionId, Exception error)
    {
        ErrorRecord? record = (error as RuntimeException)?.ErrorRecord;
        Exception cause = FromBody(record) ?? record?.Exception ?? error;
        bool tooLong = cause is SummaryInputTooLongException or ContextOverflowException
            || record?.FullyQualifiedErrorId.Split(',')[0] == "ContextOverflow";
        return tooLong
            ? new SummaryInputTooLongException(cause.Message, error)
            : new CompactionFailedException(sessionId, $"the summariser failed: {cause.Message.TrimEnd('.')}.", error);
    }

    /// <summary>What the provider said in the body of a reply that Invoke-RestMethod throws for.</summary>
    private static ProviderErrorException? FromBody(ErrorRecord? record)
    {
        try
        {
            _ = record is null ? null : ReplyObject.BodyOf(record)?.Parse();
            return null;
        }
        catch (ProviderErrorException said)
        {
            return said;
        }
        catch (UnknownReplyException)
        {
            return null; // the body is not a provider's; the error speaks for itself
        }
    }
}
