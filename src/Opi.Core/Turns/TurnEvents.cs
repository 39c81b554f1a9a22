namespace Opi;

/// <summary>
/// Calls the listeners of a turn. A listener that fails is reported and not called again: the turn, which may have been paid for, continues.
/// </summary>
internal sealed class TurnEvents(string sessionId, TurnOptions options)
{
    private Action<string>? _onText = options.OnText;
    private Action<OpiTurnEvent>? _onEvent = options.OnEvent;

    /// <summary>Takes text of an answer as it comes; null if it is not wanted.</summary>
    public Action<string>? Text => _onText is null ? null : TellText;

    public void Tell(OpiTurnEvent step)
    {
        if (_onEvent is { } listener && !Try(() => listener(step), "the steps"))
        {
            _onEvent = null;
        }
    }

    public void Warn(string text) => options.OnWarning?.Invoke(text);

    private void TellText(string text)
    {
        if (_onText is { } listener && !Try(() => listener(text), "the text"))
        {
            _onText = null;
        }
    }

    private bool Try(Action tell, string what)
    {
        try
        {
            tell();
            return true;
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            Warn($"Session '{sessionId}': the listener for {what} of the turn failed and is not called again: {error.Message.TrimEnd('.')}.");
            return false;
        }
    }
}
