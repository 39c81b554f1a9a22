using System.Globalization;

namespace Opi;

/// <summary>A session compacts by its model's window, and the window is not known or leaves no room.</summary>
internal sealed class ContextWindowException : OpiException
{
    private ContextWindowException(string message, string target, long? window)
        : base(message, target) => Window = window;

    public override string ErrorId => Window is null ? "ContextWindowUnknown" : "ReserveTooLarge";

    public long? Window { get; }

    internal static ContextWindowException Unknown(string? model) => new(
        model is null
            ? "No model is named, so that its context window is not known: give the model, or the window as a number of tokens."
            : $"The context window of the model '{model}' is not known: give it as a number of tokens.",
        model ?? "",
        null);

    internal static ContextWindowException NothingLeft(long window, long reserve) => new(
        string.Create(
            CultureInfo.InvariantCulture, $"A reserve of {reserve} tokens leaves nothing of a context window of {window}: give a smaller one."),
        "",
        window);
}
