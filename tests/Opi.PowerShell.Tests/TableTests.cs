using System.Globalization;
using System.Management.Automation;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Opi.PowerShell.Tests;

/// <summary>
/// Every table of costs at several widths: keys and money stand in each row, and a number is that of the object or its column is not there.
/// </summary>
public sealed partial class TableTests : EngineTest
{
    /// <summary>What the columns of numbers show.</summary>
    private static readonly Dictionary<string, string[]> Numbers = new()
    {
        ["Input"] = ["InputTokens", "InputPrice"],
        ["Output"] = ["OutputTokens", "OutputPrice"],
        ["CacheRead"] = ["CacheReadTokens", "CacheReadPrice"],
        ["Cached"] = ["CacheReadTokens"],
        ["CacheWrite"] = ["CacheWriteTokens", "CacheWritePrice"],
        ["Written"] = ["CacheWriteTokens"],
        ["Tokens"] = ["TotalTokens"],
        ["Window"] = ["ContextWindow"],
        ["Responses"] = ["Responses"],
        ["Turns"] = ["Turns"],
        ["Turn"] = ["Turn"],
        ["Budget"] = ["Budget"],
        ["Remaining"] = ["Remaining"],
        ["BurnRate"] = ["BurnRate"],
        ["Projected"] = ["Projected"],
        ["Cost"] = ["TotalCost", "Cost"],
    };

    private static readonly string[] Keys =
    [
        "Day", "Week", "Month", "Hour", "Block", "Model", "Project", "Source", "Session", "Turn", "Response", "Day, Model", "Week, Model",
        "Month, Model", "Source, Model", "Session, Model", "Project, Day, Model", "Source, Session", "Turn, Model", "Hour, Source, Project",
    ];

    private static readonly int[] Widths = [80, 81, 82, 83, 84, 85, 86, 88, 90, 91, 92, 94, 96, 98, 100, 105, 110, 120, 160];

    public static TheoryData<string> Scripts =>
    [
        .. Keys.Select(by => $"Get-OpiCost -Source ClaudeCode, Opi -LogPath $logs, $folder -By {by} -Total"),
        .. Keys.Select(by => $"Get-OpiCost -Source ClaudeCode -LogPath $logs -By {by}"),
        "Get-OpiCost -Source ClaudeCode -LogPath $logs -Period Day -Budget 1234567.5 -Total",
        "Get-OpiCost -Source ClaudeCode -LogPath $logs -Period Week -Budget 0.001 -By Model, Project",
        "Get-OpiUsage $logs",
        "Get-OpiUsage $folder",
        "Get-OpiPricing *claude*",
        "Get-OpiPricing openai:gpt-*",
    ];

    [Theory]
    [MemberData(nameof(Scripts))]
    public void A_table_has_its_key_its_money_and_no_number_that_is_not_the_objects(string script)
    {
        MakeLogs();
        var objects = new List<PSObject>();
        Engine.Set("rows", objects);
        Engine.Run($"{script} -ErrorAction Ignore -WarningAction Ignore | ForEach-Object {{ $rows.Add($_) }}").WithoutErrors();
        Assert.NotEmpty(objects);
        foreach (int width in Widths)
        {
            Engine.Width = width;
            Check(objects, Engine.Show("$rows"), width);
        }
    }

    public static TheoryData<string> Charts =>
    [
        .. Keys.Where(by => !by.Contains("Turn", StringComparison.Ordinal) && by != "Response")
            .Select(by => $"Get-OpiCost -Source ClaudeCode, Opi -LogPath $logs, $folder -By {by} -Total"),
        "Get-OpiCost -Source ClaudeCode -LogPath $logs -Period Day -Budget 1234567.5 -Total",
    ];

    [Theory]
    [MemberData(nameof(Charts))]
    public void Bars_stand_beside_the_same_keys_and_amounts(string script)
    {
        MakeLogs();
        var objects = new List<PSObject>();
        Engine.Set("rows", objects);
        Engine.Run($"{script} -ErrorAction Ignore -WarningAction Ignore | ForEach-Object {{ $rows.Add($_) }}").WithoutErrors();
        foreach (int width in (int[])[80, 120])
        {
            Engine.Width = width;
            string text = Engine.Show("$rows | Format-Table -View Bars");
            Check(objects, text, width);
            Assert.DoesNotContain("\u2026\n", text.Replace("\r", "", StringComparison.Ordinal), StringComparison.Ordinal); // no bar is cut
        }
    }

    [Fact]
    public void No_table_of_the_module_needs_more_for_its_numbers_than_a_terminal_of_80_columns_has()
    {
        XDocument views = XDocument.Load(Path.Combine(Repository.Root, "src", "Opi.PowerShell", "Opi.Format.ps1xml"));
        XElement[] tables = [.. views.Descendants("View").Where(view => view.Element("TableControl") is not null)];

        Assert.True(tables.Length > 20);
        Assert.All(tables, view =>
        {
            // PowerShell leaves the last column of a terminal free.
            XElement[] columns = [.. view.Descendants("TableColumnHeader")];
            int lastNumber = Array.FindLastIndex(columns, column => (string?)column.Element("Alignment") == "Right");
            Assert.True(columns.Take(lastNumber + 1).Sum(column => (int)column.Element("Width")! + 1) - 1 <= 79, (string?)view.Element("Name"));
        });
    }

    private static void Check(List<PSObject> objects, string text, int width)
    {
        string[] lines = [.. text.Split('\n').Select(line => line.TrimEnd('\r')).Where(line => line.Trim().Length > 0)];
        Assert.All(lines, line => Assert.True(line.Length <= width, $"{width}: {line}"));
        int rule = Array.FindIndex(lines, line => line.Trim('-', ' ').Length == 0);
        string[] rows = lines[(rule + 1)..];
        Assert.Equal(objects.Count, rows.Length);
        (int Start, int End)[] columns = [.. Rule().Matches(lines[rule]).Select(dashes => (dashes.Index, dashes.Index + dashes.Length))];
        string head = lines[0].PadRight(width + 1); // a label that is longer than its column goes on below
        string[] names = [.. columns.Select(column => head[column.Start..column.End].Trim())];
        Assert.Contains("Cost", names.Append(objects[0].BaseObject is ModelPricing ? "Cost" : ""));
        Assert.DoesNotContain(names, name => name.Length == 0);
        for (int i = 0; i < rows.Length; i++)
        {
            Assert.True(rows[i].TrimStart().Length > 0 && rows[i][0] != ' ' || names[0] == "Turn", rows[i]); // the key
            string line = rows[i].PadRight(width + 1);
            for (int column = 0; column < names.Length; column++)
            {
                if (!Numbers.TryGetValue(names[column], out string[]? properties))
                {
                    continue;
                }

                // Numbers stand to the right: what belongs to a column ends where its rule ends.
                string before = line[..columns[column].End];
                string cell = before[(before.LastIndexOf(' ') + 1)..];
                cell = before.EndsWith(">= " + cell, StringComparison.Ordinal) ? ">= " + cell : cell;
                Assert.Equal(' ', line[columns[column].End]);
                CheckCell(objects[i], properties, cell, $"{width} columns, {names[column]}: {line}");
            }
        }
    }

    private static void CheckCell(PSObject row, string[] properties, string cell, string where)
    {
        object? value = properties.Select(name => row.Properties[name]).FirstOrDefault(property => property is not null)?.Value;
        Assert.DoesNotContain('\u2026', cell);
        if (properties[0] is "TotalCost" && value is null)
        {
            var known = Convert.ToDecimal(row.Properties["KnownCost"].Value, CultureInfo.InvariantCulture);
            Assert.True(known == 0 ? cell == "unknown" : cell.StartsWith(">= ", StringComparison.Ordinal), where);
            value = known == 0 ? null : known;
            cell = cell.Replace(">= ", "", StringComparison.Ordinal);
        }

        if (value is null)
        {
            Assert.True(cell is "" or "unknown", where);
            return;
        }

        double expected = Convert.ToDouble(value, CultureInfo.InvariantCulture);
        double tolerance = Math.Max(Math.Abs(expected) * 0.006, 0.005);
        Assert.True(Math.Abs(Parse(cell) - expected) <= tolerance, $"{where}\n'{cell}' is not {expected}");
        if (cell.All(letter => char.IsAsciiDigit(letter) || letter == ','))
        {
            Assert.Equal(expected, Parse(cell)); // without a unit it is exact
        }
    }

    private static double Parse(string cell)
    {
        string digits = cell.Replace("$", "", StringComparison.Ordinal).Replace(",", "", StringComparison.Ordinal);
        double unit = digits[^1] switch { 'M' => 1e6, 'G' => 1e9, 'T' => 1e12, 'P' => 1e15, 'E' => 1e18, _ => 1 };
        return double.Parse(unit == 1 ? digits : digits[..^1], NumberStyles.Float, CultureInfo.InvariantCulture) * unit;
    }

    /// <summary>Small and huge counts and amounts, long names, models without a price.</summary>
    private void MakeLogs()
    {
        string logs = Directory.CreateDirectory(Path.Combine(Folder, "logs")).FullName;
        string[] models =
        [
            "claude-sonnet-4-5-20250929", "claude-opus-4-6", "claude-haiku-4-5-20251001", "local-llm",
            "a-model-with-a-name-that-is-longer-than-any-column-20260101",
        ];
        long[] counts = [0, 1, 31, 439, 8243, 98_765, 999_999, 1_234_567, 12_345_678, 987_654_321, 9_876_543_210_123, 4_000_000_000_000_000_000];
        string[] lines =
        [
            .. Enumerable.Range(0, 60).Select(i => $$"""
                {"type":"assistant","sessionId":"0123456789ab-4cde-8fab-{{i / 7:00}}","timestamp":"2026-02-{{1 + (i % 9):00}}T{{i % 24:00}}:10:00Z","cwd":"/home/somebody/src/{{new string('p', 5 + i)}}/web","requestId":"r{{i}}","message":{"id":"m{{i}}","role":"assistant","model":"{{models[i % models.Length]}}","usage":{"input_tokens":{{counts[i % counts.Length]}},"output_tokens":{{counts[i * 5 % counts.Length]}},"cache_read_input_tokens":{{counts[i * 7 % 11]}},"cache_creation_input_tokens":{{counts[i * 11 % 10]}} } } }
                """),
        ];
        File.WriteAllLines(Path.Combine(logs, "a.jsonl"), lines);
        Engine.Set("logs", Path.Combine(logs, "a.jsonl"));
        NewSession();
        Engine.Run("""
            $null = $s | Add-OpiTurn -User q -Assistant a -InputTokens 8243 -OutputTokens 1234567 -CacheReadTokens 98765432 -CacheWriteTokens 1
            $null = $s | Add-OpiTurn -User q -Assistant a -InputTokens 1 -Model openai:gpt-4o-mini
            $null = $s | Add-OpiTurn -User q -Assistant a -Model acme:giant-1 -InputTokens 5
            $null = $s | Add-OpiTurn -User q -Assistant a
            """).WithoutErrors();
    }

    [GeneratedRegex("-+")]
    private static partial Regex Rule();
}
