namespace Opi;

/// <summary>Why a turn failed.</summary>
internal enum TurnFailure : long
{
    /// <summary>There is nothing to send: no prompt was given, and none waits in the session.</summary>
    NothingToSend,

    /// <summary>A request failed, and was not sent again or too often.</summary>
    Request,

    /// <summary>What sends the requests did not give one reply.</summary>
    Sender,

    /// <summary>The model's answer failed.</summary>
    Answer,

    /// <summary>The context is too long for the model, and nothing makes it short enough.</summary>
    Overflow,

    /// <summary>The model went on calling tools.</summary>
    Rounds,
}
