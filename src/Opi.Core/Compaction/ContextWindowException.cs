using System.Globalization;

namespace Opi;

/// <summary>A session was to be compacted by its model's window, and there is none to do it by.</summary>
internal sealed class ContextWindowException : OpiException
{
    private ContextWindowException(string message, string target, long? window)
        : base(message, target) => Window = window;

    /// <inheritdoc/>
    public override string ErrorId => Window is null ? "ContextWindowUnknown" : "ReserveTooLarge";

    /// <summary>The window; null when it is not known.</summary>
    public long? Window { get; }

    internal static ContextWindowException Unknown(string? model) => new(
        model is null
            ? "The context window is that of the model, and no model is named: give the model, or the window as a number of tokens."
            : $"The context window of the model '{model}' is not known: give it as a number of tokens.",
        model ?? "",
        null);

    internal static ContextWindowException NothingLeft(long window, long reserve) => new(
        string.Create(
            CultureInfo.InvariantCulture, $"A reserve of {reserve} tokens leaves nothing of a context window of {window}: give a smaller one."),
        "",
        window);
}
