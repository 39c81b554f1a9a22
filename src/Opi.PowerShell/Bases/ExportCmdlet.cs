using System.ComponentModel;
using System.Management.Automation;

namespace Opi.PowerShell;

/// <summary>A cmdlet that writes a file for others to read.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class ExportCmdlet : OpiCmdlet
{
    /// <summary>Replaces a file that is read-only too.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Replaces no file.</summary>
    [Parameter]
    public SwitchParameter NoClobber { get; set; }

    /// <summary>Gives the file.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected Overwrite Overwrite => NoClobber ? Overwrite.Never : Force ? Overwrite.ReadOnly : Overwrite.Writable;

    private protected void WriteFile(string path)
    {
        if (PassThru)
        {
            // as Get-Item gives it, so that it is shown whole
            WriteObject(InvokeProvider.Item.Get([path], force: true, literalPath: true), enumerateCollection: true);
        }
    }
}
