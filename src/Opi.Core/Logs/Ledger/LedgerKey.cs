namespace Opi;

/// <summary>Keys in the ledger.</summary>
internal static class LedgerKey
{
    private const string Gemini = "gemini:";
    private const int TicksLength = 18;

    /// <summary>
    /// A key as today's readers give it. Earlier ones put the time into the key of a Gemini message, which is written again with another time.
    /// </summary>
    public static string Today(UsageSource source, string? sessionId, string key)
    {
        int colon = key.LastIndexOf(':');
        bool hasTime = source == UsageSource.Gemini
            && !string.IsNullOrEmpty(sessionId)
            && key.Length - colon - 1 == TicksLength
            && !key.AsSpan(colon + 1).ContainsAnyExceptInRange('0', '9')
            && colon > Gemini.Length + sessionId.Length + 1
            && key.StartsWith($"{Gemini}{sessionId}:", StringComparison.Ordinal);
        return hasTime ? key[..colon] : key;
    }
}
