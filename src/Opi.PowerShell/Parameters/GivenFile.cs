namespace Opi.PowerShell;

/// <summary>A file that the caller named.</summary>
internal static class GivenFile
{
    /// <summary>Reads it whole, also where another program is writing, replacing or deleting it.</summary>
    public static byte[] ReadAllBytes(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var bytes = new MemoryStream();
        file.CopyTo(bytes);
        return bytes.ToArray();
    }
}
