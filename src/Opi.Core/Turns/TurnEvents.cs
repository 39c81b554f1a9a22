namespace Opi;

/// <summary>
/// Tells those who listen to a turn. A listener that fails is told of and asked no more: the turn, which may have been paid for, goes on.
/// </summary>
internal sealed class TurnEvents(string sessionId, TurnOptions options)
{
    private Action<string>? _onText = options.OnText;
    private Action<OpiTurnEvent>? _onEvent = options.OnEvent;

    /// <summary>Takes text of an answer as it comes; null when nobody wants it.</summary>
    public Action<string>? Text => _onText is null ? null : TellText;

    /// <summary>Tells a step.</summary>
    public void Tell(OpiTurnEvent step)
    {
        if (_onEvent is { } listener && !Try(() => listener(step), "the steps"))
        {
            _onEvent = null;
        }
    }

    /// <summary>Tells what a person should know.</summary>
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
            Warn($"Session '{sessionId}': what takes {what} of the turn failed, and gets no more of it: {error.Message.TrimEnd('.')}.");
            return false;
        }
    }
}
