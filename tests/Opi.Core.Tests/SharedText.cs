using System.Text;

namespace Opi.Tests;

/// <summary>
/// Reads and writes files that a session, or somebody else, has open: with full sharing, as Windows asks for it. The methods of
/// <see cref="File"/> share reading only.
/// </summary>
internal static class SharedText
{
    private const FileShare All = FileShare.ReadWrite | FileShare.Delete;

    public static FileStream Open(string path, FileMode mode = FileMode.Open, FileAccess access = FileAccess.Read) => new(path, mode, access, All);

    public static byte[] ReadAllBytes(string path)
    {
        using FileStream file = Open(path);
        using var bytes = new MemoryStream();
        file.CopyTo(bytes);
        return bytes.ToArray();
    }

    public static string ReadAllText(string path)
    {
        using var reader = new StreamReader(Open(path), Encoding.UTF8);
        return reader.ReadToEnd();
    }

    public static string[] ReadAllLines(string path)
    {
        using var reader = new StreamReader(Open(path), Encoding.UTF8);
        var lines = new List<string>();
        while (reader.ReadLine() is { } line)
        {
            lines.Add(line);
        }

        return [.. lines];
    }

    /// <summary>Adds text to a file. Windows refuses it where a session has the file open.</summary>
    public static void AppendAllText(string path, string text)
    {
        using FileStream file = Open(path, FileMode.Append, FileAccess.Write);
        file.Write(Encoding.UTF8.GetBytes(text));
    }
}
