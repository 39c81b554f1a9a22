using System.Buffers.Binary;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace Opi;

/// <summary>
/// What the logs of some sources are, without what is in them: the names, lengths and times of their files. Where that is what it was when all
/// responses of a source came into the ledger, its logs need not be read.
/// </summary>
internal sealed class LogStates
{
    /// <summary>A file that was written to so shortly before may be written to again without another time.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(10);

    private static readonly string Version =
        typeof(LogStates).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";

    private readonly Dictionary<UsageSource, string> _states = [];

    private LogStates()
    {
    }

    public IReadOnlyCollection<UsageSource> Sources => _states.Keys;

    /// <summary>The state of a source's logs; null where it is not known.</summary>
    public string? Of(UsageSource source) => _states.GetValueOrDefault(source);

    /// <summary>
    /// Looks at the files of the sources of a query. Nothing is known of a source with a file that was written to just now, or a folder that cannot
    /// be listed; and of none if paths are named, as only the contents of the files show whose they are.
    /// </summary>
    /// <param name="query">The sources.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellation">Stops the search.</param>
    public static LogStates Of(UsageQuery query, TimeProvider time, CancellationToken cancellation)
    {
        var states = new LogStates();
        DateTime now = time.GetUtcNow().UtcDateTime;
        foreach (UsageLog log in query.Paths.Count > 0 ? [] : UsageScan.AllLogs.Where(log => query.Sources.Contains(log.Source)))
        {
            var findings = new List<UsageFinding>();
            List<LogFile> files = LogFiles.Find([log], query, [], findings, cancellation);
            if (findings.Count == 0 && StateOf(files, now) is { } state)
            {
                states._states[log.Source] = state;
            }
        }

        return states;
    }

    public void Remove(UsageSource source) => _states.Remove(source);

    private static string? StateOf(List<LogFile> files, DateTime now)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(Version));
        byte[] numbers = new byte[2 * sizeof(long)];
        foreach (LogFile file in files.OrderBy(file => file.Path, StringComparer.Ordinal))
        {
            if (!TryAdd(file.Path, file.Length, file.LastWrite))
            {
                return null;
            }

            foreach (FileInfo beside in DatabaseFile.FilesBeside(file.Path))
            {
                if (!TryAdd(beside.FullName, beside.Length, beside.LastWriteTimeUtc))
                {
                    return null;
                }
            }
        }

        return Convert.ToHexString(hash.GetHashAndReset());

        bool TryAdd(string path, long length, DateTime written)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(path));
            BinaryPrimitives.WriteInt64LittleEndian(numbers, length);
            BinaryPrimitives.WriteInt64LittleEndian(numbers.AsSpan(sizeof(long)), written.Ticks);
            hash.AppendData(numbers);
            return now - written > Rest;
        }
    }
}
