using System.Management.Automation;

namespace Opi.PowerShell;

/// <summary>
/// What a list shows of a row whose properties depend on what was asked for. PowerShell shows the rows of a second report in a script as a
/// list; the file of types cannot say what is in it, because it has one answer for a type, and that one counts before a row's own.
/// </summary>
internal sealed class ShownProperties
{
    private const string Standard = "PSStandardMembers";

    private readonly PSPropertySet _shown;
    private readonly PSPropertySet _keys;

    /// <summary>Names the properties.</summary>
    /// <param name="keys">What tells a row from the others; it comes first.</param>
    /// <param name="others">What else is shown.</param>
    public ShownProperties(IReadOnlyList<string> keys, IEnumerable<string> others)
    {
        _shown = new PSPropertySet("DefaultDisplayPropertySet", keys.Concat(others).Distinct());
        _keys = new PSPropertySet("DefaultKeyPropertySet", keys);
    }

    /// <summary>Notes in a copy of a row what is shown of the row.</summary>
    public static void Copy(PSObject row, PSObject copy)
    {
        if (row.Members[Standard] is PSMemberSet standard)
        {
            copy.Members.Add(standard.Copy());
        }
    }

    /// <summary>Notes in a row what is shown of it.</summary>
    public void AddTo(PSObject row) => row.Members.Add(new PSMemberSet(Standard, [_shown, _keys]));
}
