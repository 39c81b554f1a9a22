namespace Opi.Tests;

/// <summary>A folder of a test's own, gone after it.</summary>
internal sealed class TempFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("opi-tests-").FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>A session file with this text.</summary>
    public string Write(string text, string name = "s.jsonl") => Write(System.Text.Encoding.UTF8.GetBytes(text), name);

    public string Write(ReadOnlySpan<byte> bytes, string name = "s.jsonl")
    {
        string path = File(name);
        System.IO.File.WriteAllBytes(path, bytes);
        return path;
    }

    public string Copy(string source, string name = "s.jsonl") => Write(SharedText.ReadAllBytes(source), name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
