namespace Opi.PowerShell.Tests;

/// <summary>Where things are, seen from the tests' output folder.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string Manifest => Path.Combine(Root, "Opi.psd1");

    public static string Bin => Path.Combine(Root, "bin");

    /// <summary>A golden file.</summary>
    public static string Golden(params string[] parts) => Path.Combine([Root, "tests", "golden", .. parts]);

    /// <summary>The program that runs scripts, as built with these tests.</summary>
    public static string OpiShell
    {
        get
        {
            string configuration = Path.GetFileName(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
            return Path.Combine(Root, "artifacts", "bin", "Opi.Shell", configuration, "Opi.Shell.dll");
        }
    }

    private static string FindRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Opi.psd1")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new DirectoryNotFoundException("No folder above the tests holds Opi.psd1.");
    }
}
