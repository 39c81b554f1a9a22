namespace Opi;

/// <summary>Where the editors that are made of VS Code keep the data of their extensions.</summary>
internal static class EditorFolders
{
    private static readonly string[] Editors = ["Code", "Code - Insiders", "VSCodium", "Cursor", "Windsurf"];

    private static readonly string[] Servers = [".vscode-server", ".vscode-server-insiders", ".cursor-server", ".windsurf-server"];

    /// <summary>The folders of an extension, in each editor and in each server for remote work; they need not exist.</summary>
    /// <param name="extension">Its publisher and name.</param>
    public static IEnumerable<string> OfExtension(string extension)
    {
        string settings = OperatingSystem.IsWindows() ? OpiFolders.Variable("APPDATA") ?? Path.Combine(OpiFolders.Home, "AppData", "Roaming")
            : OperatingSystem.IsMacOS() ? Path.Combine(OpiFolders.Home, "Library", "Application Support")
            : OpiFolders.Variable("XDG_CONFIG_HOME") ?? Path.Combine(OpiFolders.Home, ".config");
        return Editors.Select(editor => Path.Combine(settings, editor, "User", "globalStorage", extension))
            .Concat(Servers.Select(server => Path.Combine(OpiFolders.Home, server, "data", "User", "globalStorage", extension)));
    }
}
