namespace Opi;

/// <summary>The folders of the user: where Opi keeps its sessions, its ledger and its settings, and where other agents keep theirs.</summary>
internal static class OpiFolders
{
    /// <summary>
    /// The folder of sessions: <c>OPI_SESSIONS_DIR</c>, else the one of opi, which is <c>%LOCALAPPDATA%\opi\sessions</c> on Windows and
    /// <c>~/.local/share/opi/sessions</c> elsewhere, else <c>.opi/sessions</c> here.
    /// </summary>
    public static string Sessions => Variable("OPI_SESSIONS_DIR") ?? Path.Combine(Data, "sessions");

    /// <summary>The folder of the ledger: <c>OPI_LEDGER_DIR</c>, else <c>ledger</c> next to the sessions' default folder.</summary>
    public static string Ledger => Variable("OPI_LEDGER_DIR") ?? Path.Combine(Data, "ledger");

    /// <summary>
    /// The folder of settings: <c>OPI_CONFIG_DIR</c>, else <c>%APPDATA%\opi</c> on Windows and <c>$XDG_CONFIG_HOME/opi</c> or
    /// <c>~/.config/opi</c> elsewhere, else <c>.opi</c> here.
    /// </summary>
    public static string Settings
    {
        get
        {
            if (Variable("OPI_CONFIG_DIR") is { } named)
            {
                return Path.GetFullPath(named);
            }

            string? home = OperatingSystem.IsWindows() ? Variable("APPDATA")
                : Variable("XDG_CONFIG_HOME") ?? (Variable("HOME") is { } user ? Path.Combine(user, ".config") : null);
            return Path.GetFullPath(home is null ? ".opi" : Path.Combine(home, "opi"));
        }
    }

    /// <summary>
    /// The user's folder, under which other agents keep theirs. It is taken from the environment, as those do; on Windows the framework asks
    /// the system instead.
    /// </summary>
    public static string Home =>
        (OperatingSystem.IsWindows() ? Variable("USERPROFILE") : null) ?? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);

    /// <summary>opi's own data folder. It does not follow XDG_DATA_HOME, because opi does not.</summary>
    private static string Data =>
        Variable(OperatingSystem.IsWindows() ? "LOCALAPPDATA" : "HOME") is not { } home ? ".opi"
            : OperatingSystem.IsWindows() ? Path.Combine(home, "opi")
            : Path.Combine(home, ".local", "share", "opi");

    /// <summary>The value of an environment variable; null when it is not set or empty.</summary>
    public static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    /// <summary>Makes a folder where it is missing, readable by its owner only. Its name is on the disk when this returns.</summary>
    public static void Create(string folder)
    {
        var missing = new Stack<DirectoryInfo>();
        for (DirectoryInfo? level = new(folder); level is { Exists: false }; level = level.Parent)
        {
            missing.Push(level);
        }

        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        foreach (DirectoryInfo made in missing)
        {
            NativeFile.FlushFolder(made.Parent!.FullName);
        }
    }
}
