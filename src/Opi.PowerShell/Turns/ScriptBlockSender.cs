using System.Management.Automation;

namespace Opi.PowerShell;

/// <summary>
/// Lets a script block send the requests of a turn. It gets the request as its argument and in <c>$_</c>. Its output is the reply: whole, or
/// the lines or chunks of a stream, which are taken as they come. It may throw the errors of the commands that send requests.
/// </summary>
/// <param name="script">The script block.</param>
/// <param name="timeout">How long a request may take; null for as long as it likes.</param>
internal sealed class ScriptBlockSender(ScriptBlock script, TimeSpan? timeout) : ITurnSender
{
    /// <summary>Hands on each object as it comes; the output of a script block that is called is there only at its end.</summary>
    private const string Streaming = "param($OpiSend, $OpiRequest, $OpiOutput) & $OpiSend $OpiRequest | & { process { $OpiOutput.Add($_) } }";

    public void Send(TurnRequest request, Action<TurnPiece> received, CancellationToken cancellationToken)
    {
        var output = new SenderOutput(received, cancellationToken);
        var table = new OpiRequest(request);
        Exception? error = timeout is { } time
            ? CallWithin(time, () => Call(table, output), cancellationToken)
            : Catch(() => Call(table, output));
        if (output.Error is { } refused)
        {
            throw refused;
        }

        switch (error)
        {
            case null:
                break;
            case PipelineStoppedException:
                throw new OperationCanceledException(error.Message, error, cancellationToken);
            case RuntimeException thrown:
                throw SenderError.Of(thrown.ErrorRecord, thrown);
            case SendFailedException:
                throw error;
            default:
                throw new InvalidOperationException(error.Message, error);
        }
    }

    private void Call(OpiRequest request, SenderOutput output)
    {
        var streaming = ScriptBlock.Create(Streaming);
        streaming = script.Module?.NewBoundScriptBlock(streaming) ?? streaming;
        ScriptBlockCall.Invoke(streaming, request, script, request, output);
    }

    private static RuntimeException? Catch(Action call)
    {
        try
        {
            call();
            return null;
        }
        catch (RuntimeException error)
        {
            return error;
        }
    }

    /// <summary>
    /// Calls the script block in its own pipeline, which can be stopped while the cmdlet continues. Its errors come back as values: they would lose
    /// their type on the way through it.
    /// </summary>
    private static Exception? CallWithin(TimeSpan time, Action call, CancellationToken cancellationToken)
    {
        Exception? error = null;
        using var shell = System.Management.Automation.PowerShell.Create(RunspaceMode.CurrentRunspace);
        shell.AddScript("param($OpiCall) $OpiCall.Invoke()", useLocalScope: true).AddArgument((Action)(() => error = Catch(call)));
        int isOver = 0;
        using var timer = new Timer(_ =>
        {
            Interlocked.Exchange(ref isOver, 1);
            shell.BeginStop(null, null);
        });
        timer.Change(time, Timeout.InfiniteTimeSpan);
        try
        {
            shell.Invoke();
        }
        catch (RuntimeException stopped)
        {
            error ??= stopped;
        }

        timer.Change(Timeout.Infinite, Timeout.Infinite);
        return isOver == 1 && error is PipelineStoppedException && !cancellationToken.IsCancellationRequested
            ? new SendFailedException($"the -Send script block was stopped: it gave no whole reply within {time.TotalSeconds:0.#} s")
            {
                IsConnection = true,
            }
            : error;
    }
}
