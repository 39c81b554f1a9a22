using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Opi;

/// <summary>
/// Finds the tool of a result that names only its call. The call is before it in the file, mostly in the last lines, so the file is
/// searched backwards from there.
/// </summary>
internal sealed class ToolNames(SafeFileHandle file, LogMessages messages, string path, CancellationToken cancellation)
{
    private const int Window = 1 << 18;

    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);

    /// <summary>The tool of a call; empty when the file does not say.</summary>
    /// <param name="call">The call's id.</param>
    /// <param name="before">Where the line of the result begins.</param>
    public string Of(string call, long before)
    {
        if (call.Length == 0)
        {
            return "";
        }

        if (!_names.TryGetValue(call, out string? name))
        {
            _names[call] = name = Search(call, before);
        }

        return name;
    }

    /// <summary>Goes back window by window. A line that a window begins within is whole in the next one, which overlaps by it.</summary>
    private string Search(string call, long before)
    {
        byte[] wanted = Encoding.UTF8.GetBytes(call);
        int size = Window;
        for (long end = before; end > 0;)
        {
            cancellation.ThrowIfCancellationRequested();
            long begin = Math.Max(0, end - size);
            byte[] bytes = new byte[end - begin];
            int filled = 0, read;
            while ((read = RandomAccess.Read(file, bytes.AsSpan(filled), begin + filled)) > 0)
            {
                filled += read;
            }

            int first = begin == 0 ? 0 : bytes.AsSpan(0, filled).IndexOf((byte)'\n') + 1;
            if (first == 0 && begin > 0)
            {
                size *= 2; // a line longer than the window
                continue;
            }

            if (SearchLines(bytes.AsSpan(first, filled - first), wanted, call) is { } name)
            {
                return name;
            }

            end = begin + first;
            size = Window;
        }

        return "";
    }

    private string? SearchLines(ReadOnlySpan<byte> lines, byte[] wanted, string call)
    {
        for (int at = lines.LastIndexOf(wanted); at >= 0; at = lines.LastIndexOf(wanted))
        {
            int start = lines[..at].LastIndexOf((byte)'\n') + 1;
            int length = lines[start..].IndexOf((byte)'\n');
            var entries = new LogEntries(path) { Offset = 1 };
            try
            {
                messages.Read(new LogValue(new JsonCursor(length < 0 ? lines[start..] : lines.Slice(start, length), lenient: true).Skip()), entries);
            }
            catch (WireException)
            {
                // a damaged line has no tool
            }

            string? name = entries.Items.Select(item => item.Entry).OfType<MessageEntry>().Select(entry => entry.Message)
                .OfType<AssistantMessage>().SelectMany(answer => answer.ToolCalls).FirstOrDefault(block => block.Id == call)?.Name;
            if (name is { Length: > 0 })
            {
                return name;
            }

            lines = lines[..start];
        }

        return null;
    }
}
