using System.Management.Automation;

namespace Opi.PowerShell;

/// <summary>What cmdlets that write a file for others to read have in common.</summary>
internal static class ExportedFile
{
    /// <summary>Which files may be replaced.</summary>
    public static Overwrite OverwriteOf(bool force, bool noClobber) =>
        noClobber ? Overwrite.Never : force ? Overwrite.ReadOnly : Overwrite.Writable;

    /// <summary>Gives a file as Get-Item does, so that it is shown whole.</summary>
    public static void WriteFile(this PSCmdlet cmdlet, string path) =>
        cmdlet.WriteObject(cmdlet.InvokeProvider.Item.Get([path], force: true, literalPath: true), enumerateCollection: true);
}
