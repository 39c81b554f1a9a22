using System.Globalization;
using System.Management.Automation;

namespace Opi.PowerShell;

/// <summary>Lets a script block count the tokens of a text: it gets the text as its argument and in <c>$_</c>, and returns one number.</summary>
internal sealed class ScriptBlockCounter(ScriptBlock script)
{
    public long Count(string text)
    {
        try
        {
            List<PSObject> output = ScriptBlockCall.Invoke(script, text, text);
            return output is [{ BaseObject: { } value }] && ToCount(value) is { } count
                ? count
                : throw new TokenCounterException(
                    $"it gave {Describe(output)} for a text of {text.Length} characters, and not one number of tokens, 0 or more");
        }
        catch (RuntimeException error) when (error is not PipelineStoppedException)
        {
            throw new TokenCounterException(error.Message.TrimEnd('.'), error);
        }
    }

    private static long? ToCount(object value) =>
        value is int or long or short or byte or uint or ushort or double or float or decimal
            && Convert.ToDouble(value, CultureInfo.InvariantCulture) is >= 0 and < long.MaxValue and double real
            ? (long)Math.Ceiling(real)
            : null;

    private static string Describe(List<PSObject> output) => output switch
    {
        [] => "nothing",
        [null] => "null",
        [{ BaseObject: string text }] => $"the text '{(text.Length > 40 ? text[..40] + "..." : text)}'",
        [var one] => $"{string.Create(CultureInfo.InvariantCulture, $"{one.BaseObject}")} ({one.BaseObject.GetType().Name})",
        _ => $"{output.Count} values",
    };
}
