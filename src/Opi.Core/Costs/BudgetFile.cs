using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;

namespace Opi;

/// <summary>
/// The file that the processes of one budget share: what is reserved, and what was spent. It is read and written under its lock only, and
/// written to a temporary file first, so that a process that is killed leaves it whole.
/// </summary>
internal sealed class BudgetFile
{
    private const int NameBytes = 8;

    private readonly string _path;

    /// <summary>Names the file of a folder of sessions.</summary>
    /// <param name="ledger">The folder of the ledger, which has the file.</param>
    /// <param name="scope">The folder of the sessions whose cost counts.</param>
    public BudgetFile(string ledger, string scope)
    {
        string hash = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(scope)).AsSpan(0, NameBytes)).ToLowerInvariant();
        Folder = Path.GetFullPath(ledger);
        _path = Path.Combine(Folder, $"budget-{hash}.json");
    }

    /// <summary>Whether a file has the name of one.</summary>
    public static bool IsFile(string path)
    {
        string name = Path.GetFileName(path);
        return name.Length == "budget-.json".Length + (2 * NameBytes)
            && name.StartsWith("budget-", StringComparison.Ordinal)
            && name.EndsWith(".json", StringComparison.Ordinal);
    }

    public string Folder { get; }

    public List<BudgetHold> Holds { get; } = [];

    public List<BudgetSpent> Spent { get; } = [];

    /// <summary>Does something under the lock, with the file read, and writes it when that says so.</summary>
    /// <param name="patience">How long to wait for other processes.</param>
    /// <param name="time">The clock.</param>
    /// <param name="work">Changes the lists; true when they are to be written.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <exception cref="LedgerLockedException">The lock was not to be had.</exception>
    /// <exception cref="LedgerWriteException">The file cannot be read or written.</exception>
    public void Use(TimeSpan patience, TimeProvider time, Func<bool> work, CancellationToken cancellationToken)
    {
        try
        {
            OpiFolders.Create(Folder);
            using FileLock held = FileLock.TryAcquire(_path + ".lock", patience, out int? holder, time, cancellationToken)
                ?? throw new LedgerLockedException(Folder, holder, patience);
            Read();
            if (work())
            {
                Write();
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException // the others where the file is damaged
            or JsonException or FormatException or InvalidOperationException or KeyNotFoundException)
        {
            throw new LedgerWriteException(_path, error.Message, error);
        }
    }

    private void Read()
    {
        Holds.Clear();
        Spent.Clear();
        byte[] text;
        try
        {
            text = RegularFile.ReadAllBytes(_path);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return;
        }

        using JsonDocument document = JsonDocument.Parse(text);
        foreach (JsonElement hold in document.RootElement.GetProperty("holds").EnumerateArray())
        {
            Holds.Add(new BudgetHold(
                hold.GetProperty("id").GetString()!,
                new ProcessIdentity(
                    hold.GetProperty("host").GetString()!, hold.GetProperty("process").GetInt32(), hold.GetProperty("start").GetInt64()),
                hold.GetProperty("amount").GetDecimal(),
                hold.GetProperty("at").GetDateTimeOffset()));
        }

        foreach (JsonElement spent in document.RootElement.GetProperty("spent").EnumerateArray())
        {
            Spent.Add(new BudgetSpent(
                spent.GetProperty("period").GetString()!,
                spent.GetProperty("read_at").GetDateTimeOffset(),
                TimeSpan.FromMilliseconds(spent.GetProperty("took_ms").GetDouble()),
                spent.GetProperty("known").GetDecimal(),
                spent.GetProperty("complete").GetBoolean(),
                spent.GetProperty("since").GetDecimal()));
        }
    }

    private void Write()
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteStartArray("holds");
            foreach (BudgetHold hold in Holds)
            {
                json.WriteStartObject();
                json.WriteString("id", hold.Id);
                json.WriteString("host", hold.Process.Host);
                json.WriteNumber("process", hold.Process.Id);
                json.WriteNumber("start", hold.Process.Start);
                json.WriteNumber("amount", hold.Amount);
                json.WriteString("at", hold.At.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteStartArray("spent");
            foreach (BudgetSpent spent in Spent)
            {
                json.WriteStartObject();
                json.WriteString("period", spent.Period);
                json.WriteString("read_at", spent.ReadAt.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
                json.WriteNumber("took_ms", spent.Took.TotalMilliseconds);
                json.WriteNumber("known", spent.Known);
                json.WriteBoolean("complete", spent.IsComplete);
                json.WriteNumber("since", spent.Since);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        string temporary = _path + ".tmp"; // one name: what a killed process left is written over
        using (SafeFileHandle file = RegularFile.OpenOrCreateOwn(temporary))
        {
            RandomAccess.SetLength(file, 0);
            FileSizeLimit.Write(file, bytes.GetBuffer().AsSpan(0, (int)bytes.Length), 0);
        }

        SharedFile.Retry(() => File.Move(temporary, _path, overwrite: true));
    }
}
