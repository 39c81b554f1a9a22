using System.Text.Json;

namespace Opi.PowerShell;

/// <summary>Takes a provider's reply in any form that PowerShell gives it: an object, a table, text, lines.</summary>
internal static class ReplyObject
{
    /// <summary>The reply as JSON.</summary>
    /// <exception cref="UnknownReplyException">It cannot be written as JSON.</exception>
    public static JsonElement ToElement(object reply)
    {
        try
        {
            return ObjectJson.ToElement(reply);
        }
        catch (ArgumentException error)
        {
            throw new UnknownReplyException($"The value is no reply of a model: {error.Message}");
        }
    }
}
