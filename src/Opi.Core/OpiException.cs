namespace Opi;

/// <summary>The errors of this library. Each names what is wrong, which item, and what to do, in one line.</summary>
public abstract class OpiException : Exception
{
    private protected OpiException(string message, string target, Exception? inner = null)
        : base(VisibleText.Of(message), inner) => Target = target; // it quotes foreign text

    /// <summary>
    /// Which error it is, as a name that does not change, for example <c>SessionClosed</c>. Most errors have no class of their own that is
    /// public: test this.
    /// </summary>
    public abstract string ErrorId { get; }

    /// <summary>The item it is about: a session's id or a path.</summary>
    public string Target { get; }
}
