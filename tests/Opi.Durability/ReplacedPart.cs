namespace Opi.CrashTests;

/// <summary>A file that others meddle with while the session is open: each turn fails until it is put right, and none is lost.</summary>
internal sealed class ReplacedPart : Part
{
    private const int Attempts = 3;

    public override string Name => "replaced";

    public override string? Obstacle() => OperatingSystem.IsWindows() ? "Windows keeps an open file from being replaced" : null;

    public override void Run(Tally tally, int seed, RoundSize size)
    {
        for (int round = 0; round < (size == RoundSize.Small ? 2 : 20); round++)
        {
            var turns = new NumberedTurns((seed * 100) + round, TurnKind.Tools);
            Case("deleted", path => File.Delete(path), File.WriteAllBytes);
            Case("moved away", path => File.Move(path, path + ".away"), (path, _) => File.Move(path + ".away", path));
            Case("its folder moved away", path => Directory.Move(FolderOf(path), FolderOf(path) + ".away"), (path, _) => Directory.Move(FolderOf(path) + ".away", FolderOf(path)));
            Case("replaced by a shorter one", path => Replace(path, bytes => bytes[..(bytes.Length / 2)]), Replace);
            Case("replaced by a longer one", path => Replace(path, bytes => [.. bytes, .. bytes]), Replace);
            Case("replaced by one of the same length", path => Replace(path, bytes => new byte[bytes.Length]), Replace);
            Case("replaced by a folder", ReplaceByFolder, RestoreFolder);
            Case("emptied", path => File.WriteAllBytes(path, []), File.WriteAllBytes);
            Case("truncated", path => Truncate(path), File.WriteAllBytes);
            Case("appended to", path => File.AppendAllText(path, "{\"type\":\"foreign\"}\n"), File.WriteAllBytes);
            Case("appended to, half a line", path => File.AppendAllText(path, "{\"ty"), File.WriteAllBytes);
            Case("read-only", path => File.SetAttributes(path, FileAttributes.ReadOnly), (path, _) => File.SetAttributes(path, FileAttributes.Normal));

            void Case(string what, Action<string> meddle, Action<string, byte[]> mend) => tally.TryIn(what, folder =>
            {
                string sessions = Path.Combine(folder, "sessions");
                using OpiSession session = OpiSession.Create(sessions, new SessionOptions());
                string path = session.Path;
                IReadOnlyList<string> ids = session.AddTurn(turns.Make(1)).EntryIds;
                session.AddTurn(turns.Make(2));
                byte[] before = SharedText.ReadAllBytes(path);
                (int entries, CumulativeUsage usage) = (session.EntryCount, session.Usage);
                meddle(path);
                tally.Faults++;
                for (int attempt = 0; attempt < Attempts; attempt++)
                {
                    _ = Require.Throws<SessionWriteException>("a turn after the file was " + what, () => session.AddTurn(turns.Make(3)));
                    // A compaction reads first, and may fail at that.
                    _ = Require.Throws<OpiException>("a compaction after the file was " + what, () => session.Compact());
                    _ = Require.Throws<SessionWriteException>("a label after the file was " + what, () => session.Update(new SessionUpdate { Name = "name", AddLabels = ["label"] }));
                    _ = Require.Throws<SessionWriteException>("a switch after the file was " + what, () => session.SwitchBranch(ids[0], "a summary"));
                    Require.That(session.EntryCount == entries && session.Usage == usage && session.Name is null && session.Labels.Count == 0, "a failed turn changed the session");
                }

                mend(path, before);
                Require.That(SharedText.ReadAllBytes(path).AsSpan().SequenceEqual(before), "a failed turn changed the file");
                session.AddTurn(turns.Make(3));
                session.Close();
                tally.Acknowledged += 3;
                _ = new SessionCheck(turns).Run(path, new HashSet<int> { 1, 2, 3 }, crashes: 0);
            });
        }
    }

    private static string FolderOf(string path) => Path.GetDirectoryName(path)!;

    private static void Truncate(string path)
    {
        using FileStream file = File.Open(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        file.SetLength(file.Length - 10);
    }

    /// <summary>Replaces the file as an editor does: writes another one, and moves it there.</summary>
    private static void Replace(string path, Func<byte[], byte[]> change) => Replace(path, change(SharedText.ReadAllBytes(path)));

    private static void Replace(string path, byte[] bytes)
    {
        File.WriteAllBytes(path + ".new", bytes);
        File.Move(path + ".new", path, overwrite: true);
    }

    private static void ReplaceByFolder(string path)
    {
        File.Delete(path);
        Directory.CreateDirectory(path);
    }

    private static void RestoreFolder(string path, byte[] bytes)
    {
        Directory.Delete(path);
        File.WriteAllBytes(path, bytes);
    }
}
