using System.Management.Automation;

namespace Opi.PowerShell.Internal;

/// <summary>Texts of the views of waste.</summary>
public static class WasteFormat
{
    /// <summary>What the columns of the table of waste before the last one take, and the space at the end that PowerShell leaves.</summary>
    private const int OtherColumns = 54;

    private const int LeastWidth = 16;
    private const int UsualWidth = 120;

    private static readonly string[] Keys = [.. Enum.GetNames<WasteGrouping>()];

    /// <summary>What a waste was, in lines of whole words that fit the rest of the screen: PowerShell would break them anywhere.</summary>
    public static string Detail(PSObject row, EngineIntrinsics engine)
    {
        ArgumentNullException.ThrowIfNull(row);
        ArgumentNullException.ThrowIfNull(engine);
        int screen = engine.Host?.UI?.RawUI?.BufferSize.Width ?? 0;
        int width = Math.Max(LeastWidth, (screen > 0 ? screen : UsualWidth) - OtherColumns);
        var lines = new List<string>();
        foreach (string word in FormatHelper.Text(row.Properties[nameof(OpiWaste.Detail)]?.Value?.ToString()).Split(' '))
        {
            if (lines.Count > 0 && lines[^1].Length + 1 + word.Length <= width)
            {
                lines[^1] += " " + word;
            }
            else
            {
                lines.Add(word);
            }
        }

        return string.Join('\n', lines);
    }

    /// <summary>The keys of a group in one column; Total in a total.</summary>
    public static string KeysOf(PSObject row, int width)
    {
        ArgumentNullException.ThrowIfNull(row);
        if (row.Properties["IsTotal"]?.Value is true)
        {
            return "Total";
        }

        string[] keys = [.. row.Properties.Where(property => Keys.Contains(property.Name)).Select(
            property => property.Value?.ToString() is { } key ? FormatHelper.Text(key) : "unknown")];
        return FormatHelper.Cut(string.Join("  ", keys), width);
    }
}
