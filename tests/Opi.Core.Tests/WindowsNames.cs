using System.Runtime.InteropServices;

namespace Opi.Tests;

/// <summary>Other names of a file that Windows knows.</summary>
internal static class WindowsNames
{
    private const int NoPermanentLetter = 1; // DDD_RAW_TARGET_PATH
    private const int Remove = 2;            // DDD_REMOVE_DEFINITION

    /// <summary>The name of eight letters, a dot and three letters; null where the file system makes none.</summary>
    public static string? ShortOf(string path)
    {
        char[] name = new char[1024];
        int length = GetShortPathName(path, name, name.Length);
        return length > 0 && new string(name, 0, length) is var found && found != path ? found : null;
    }

    /// <summary>Wine does not see such a drive, but shows its drive C: below Z: too.</summary>
    private static string BelowUnixRoot(string folder)
    {
        string? prefix = Environment.GetEnvironmentVariable("WINEPREFIX");
        Assert.True(prefix is not null, "the drive is not seen");
        return @"Z:" + Path.Combine(prefix!, "drive_c").Replace('/', '\\') + folder[2..];
    }

    /// <summary>Makes a drive of a folder, as subst does, while something is done.</summary>
    public static void WithDrive(string folder, Action<string> action)
    {
        const string Drive = "Q:";
        string target = @"\??\" + folder;
        Assert.True(DefineDosDevice(NoPermanentLetter, Drive, target), "the drive could not be made");
        try
        {
            string seen = Drive + Path.DirectorySeparatorChar;
            action(Directory.Exists(seen) ? seen : BelowUnixRoot(folder));
        }
        finally
        {
            Assert.True(DefineDosDevice(NoPermanentLetter | Remove, Drive, target));
        }
    }

    [DllImport("kernel32", EntryPoint = "CreateHardLinkW", CharSet = CharSet.Unicode)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static extern bool CreateHardLink(string link, string file, nint security);

    [DllImport("kernel32", EntryPoint = "GetShortPathNameW", CharSet = CharSet.Unicode)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int GetShortPathName(string path, [Out] char[] name, int size);

    [DllImport("kernel32", EntryPoint = "DefineDosDeviceW", CharSet = CharSet.Unicode)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static extern bool DefineDosDevice(int flags, string drive, string target);
}
