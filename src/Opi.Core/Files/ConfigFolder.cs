namespace Opi;

/// <summary>Where the settings of the user are kept.</summary>
internal static class ConfigFolder
{
    /// <summary>
    /// The folder: <c>OPI_CONFIG_DIR</c>, else <c>%APPDATA%\opi</c> on Windows and <c>$XDG_CONFIG_HOME/opi</c> or <c>~/.config/opi</c>
    /// elsewhere, else <c>.opi</c> here.
    /// </summary>
    public static string Path
    {
        get
        {
            if (Variable("OPI_CONFIG_DIR") is { } named)
            {
                return System.IO.Path.GetFullPath(named);
            }

            string? home = OperatingSystem.IsWindows() ? Variable("APPDATA")
                : Variable("XDG_CONFIG_HOME") ?? (Variable("HOME") is { } user ? System.IO.Path.Combine(user, ".config") : null);
            return System.IO.Path.GetFullPath(home is null ? ".opi" : System.IO.Path.Combine(home, "opi"));
        }
    }

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
