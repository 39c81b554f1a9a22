using System.Collections;
using System.Management.Automation;

namespace Opi.PowerShell;

/// <summary>Takes Run or Report for all tools, or a table of them by tool name, in which * means all other tools.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class InterruptedCallsAttribute : ArgumentTransformationAttribute
{
    public override object Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        object? value = ArgumentText.Unwrap(inputData);
        if (value is InterruptedCalls known)
        {
            return known;
        }

        if (value is not IDictionary table)
        {
            return new InterruptedCalls(EnumNames.One<InterruptedCall>(value), new Dictionary<string, InterruptedCall>());
        }

        var byName = new Dictionary<string, InterruptedCall>(StringComparer.OrdinalIgnoreCase);
        foreach (DictionaryEntry entry in table)
        {
            byName[ArgumentText.Of(entry.Key)] = EnumNames.One<InterruptedCall>(entry.Value);
        }

        InterruptedCall others = byName.Remove("*", out InterruptedCall named) ? named : InterruptedCall.Report;
        return new InterruptedCalls(others, byName);
    }
}
