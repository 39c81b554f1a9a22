using System.Globalization;
using System.Management.Automation;

namespace Opi.PowerShell.Tests;

/// <summary>
/// Rows of usage that were written to a file in one culture and are read in another. The engine of these tests has no Export-Csv;
/// a row is made as Export-Csv makes it, by ToString in the culture. tests/Pester has the cmdlet itself.
/// </summary>
public sealed class UsageFileTests : EngineTest
{
    private const string Sum = "Get-OpiCost -By Month, Model, Source -TimeZone UTC -WarningAction SilentlyContinue";

    private static readonly string[] Cultures =
        ["en-US", "en-GB", "de-DE", "fr-FR", "fr-CH", "de-CH", "tr-TR", "th-TH", "fa-IR", "ar-SA", "ja-JP", "sv-SE", "hi-IN", "mzn-IR", ""];

    public static TheoryData<string> Writers => [.. Cultures];

    [Theory]
    [MemberData(nameof(Writers))]
    public void Rows_are_the_same_after_a_file_of_any_culture(string writer)
    {
        OpiUsage[] rows = RandomRows(seed: 7, count: 60);
        Engine.Set("rows", rows);
        string[] expected = Show(Sum);
        Assert.True(expected.Length > 10);
        Engine.Set("rows", Csv(rows, writer));

        foreach (string reader in Cultures)
        {
            Assert.Equal(expected, Show($"& {{ [cultureinfo]::CurrentCulture = '{reader}'; $input | {Sum} }}"));
        }
    }

    [Fact]
    public void Each_cell_but_the_numbers_of_the_culture_comes_back()
    {
        OpiUsage[] rows = RandomRows(seed: 23, count: 300);
        object[] files = [.. Csv(rows, "de-DE").Zip(Csv(rows, "fa-IR")).SelectMany(pair => new[] { pair.First, pair.Second })];

        for (int i = 0; i < files.Length; i++)
        {
            var back = (UsageInput)new UsageTransformationAttribute().Transform(null!, files[i]);
            Assert.Null(back.Fault);
            OpiUsage row = rows[i / 2];
            Assert.Equal(row with { KnownCost = row.Cost ?? 0 }, back.Usage);
        }
    }

    [Theory]
    [MemberData(nameof(Writers))]
    public void Files_without_Time_and_Bill_are_right_or_one_error(string writer)
    {
        // Their bill is a cost at most.
        OpiUsage[] rows = [.. RandomRows(seed: 3, count: 40).Where(row => row.Bill?.Contains('g', StringComparison.Ordinal) != true)];
        Engine.Set("rows", rows);
        string[] expected = Show(Sum);
        Engine.Set("rows", Csv(rows, writer, "Time", "Bill"));

        RunResult result = Engine.Run($"$rows | {Sum}");

        if (result.Errors.Count == 0)
        {
            Assert.Equal(expected, Texts(result));
        }
        else
        {
            string message = result.Error("UsageNotReadable,Opi.PowerShell.Commands.GetOpiCostCommand").Exception.Message;
            Assert.StartsWith($"{rows.Length} of {rows.Length} rows", message, StringComparison.Ordinal);
            Assert.Contains("Export-Csv", message, StringComparison.Ordinal);
            Assert.Empty(result.Output);
        }
    }

    [Theory]
    [InlineData("Cost", "0,0026")]
    [InlineData("Cost", "1.234,5")]
    [InlineData("Cost", "1,234.5")]
    [InlineData("Cost", "0٫0026")]
    [InlineData("Cost", "۰٫۰۰۲۶")]
    [InlineData("Cost", "-1")]
    [InlineData("Cost", "$1")]
    [InlineData("InputTokens", "1.000")]
    [InlineData("InputTokens", "1,000")]
    [InlineData("InputTokens", "١٠")]
    [InlineData("InputTokens", "1.5")]
    [InlineData("InputTokens", "-1")]
    [InlineData("InputTokens", "99999999999999999999")]
    [InlineData("Turn", "3000000000")]
    [InlineData("Time", "02/01/2026 10:00:00 +00:00")]
    [InlineData("Time", "2026/01/02 10:00:00 +00:00")]
    [InlineData("Time", "1404-10-12 10:00:00 +00:00")]
    [InlineData("Timestamp", "1/2/2026 10:00:00 AM +00:00")]
    [InlineData("Timestamp", "02.01.2026 10:00:00 +00:00")]
    [InlineData("Timestamp", "today")]
    [InlineData("Source", "Nobody")]
    [InlineData("Source", "Opi,Codex")]
    [InlineData("Source", "77")]
    [InlineData("Source", "-1")]
    [InlineData("Tier", "Cheap")]
    [InlineData("Priced", "ja")]
    [InlineData("Bill", "{\"cost\":0,0026}")]
    [InlineData("Bill", "0.0026")]
    public void A_cell_that_can_mean_two_things_or_none_is_a_fault_that_names_it(string column, string value)
    {
        var row = new PSObject();
        (string, string)[] cells =
        [
            ("Time", column == "Timestamp" ? "" : "2026-01-02T10:00:00Z"), ("Timestamp", ""), ("Source", "Pi"), ("Model", "m"), ("InputTokens", "1"),
            ("OutputTokens", "1"),
        ];
        foreach ((string name, string text) in cells)
        {
            row.Properties.Add(new PSNoteProperty(name, text));
        }

        row.Properties.Remove(column);
        row.Properties.Add(new PSNoteProperty(column, value));

        string fault = ((UsageInput)new UsageTransformationAttribute().Transform(null!, row)).Fault!;
        Assert.StartsWith(column, fault, StringComparison.Ordinal);
        Assert.Contains($"'{value}'", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_another_delimiter_is_one_error()
    {
        string message = Engine.Run("1..9 | % { [pscustomobject]@{ 'Time;Source;Model' = '2026-01-02T10:00:00Z;Pi;m' } } | Get-OpiCost")
            .Error("UsageNotReadable,Opi.PowerShell.Commands.GetOpiCostCommand").Exception.Message;

        Assert.Contains("9 of 9 rows", message, StringComparison.Ordinal);
        Assert.Contains("-UseCulture", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("CLIXML")]
    [InlineData("CLIXML text")]
    public void Rows_of_another_process_are_the_same(string form)
    {
        OpiUsage[] rows = RandomRows(seed: 5, count: 100);
        Engine.Set("rows", rows);
        string[] expected = Show(Sum);
        foreach (string culture in Cultures)
        {
            CultureInfo before = CultureInfo.CurrentCulture;
            CultureInfo.CurrentCulture = new CultureInfo(culture);
            try
            {
                object[] copies = form == "CLIXML" ? [.. rows] : Csv(rows, culture);
                Engine.Set("rows", copies.Select(row => PSSerializer.Deserialize(PSSerializer.Serialize(row))).ToArray());
            }
            finally
            {
                CultureInfo.CurrentCulture = before;
            }

            Assert.Equal(expected, Show(Sum));
        }
    }

    [Fact]
    public void A_time_without_an_offset_in_a_row_is_local()
    {
        string month = new DateTime(2026, 4, 1, 0, 0, 0, DateTimeKind.Local).ToUniversalTime().ToString("yyyy-MM", CultureInfo.InvariantCulture);

        foreach (string time in new[] { "'2026-04-01T00:00:00'", "'2026-04-01'", "([datetime]'2026-04-01')" })
        {
            string row = $"[pscustomobject]@{{ Timestamp = {time}; Source = 'Pi'; Model = 'm'; InputTokens = 1; OutputTokens = 1 }}";
            Assert.Equal(month, Engine.One<string>($"({row} | Get-OpiCost -By Month -TimeZone UTC -WarningAction SilentlyContinue).Month"));
        }
    }

    /// <summary>The rows as Import-Csv gives what Export-Csv wrote in a culture.</summary>
    private static PSObject[] Csv(OpiUsage[] rows, string culture, params string[] without)
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = new CultureInfo(culture);
        try
        {
            return
            [.. rows.Select(row =>
            {
                var cells = new PSObject();
                foreach (PSPropertyInfo property in new PSObject(row).Properties.Where(property => !without.Contains(property.Name)))
                {
                    cells.Properties.Add(new PSNoteProperty(property.Name, property.Value?.ToString() ?? ""));
                }

                return cells;
            })];
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private string[] Show(string script) => Texts(Engine.Run($"$rows | {script}").WithoutErrors());

    private static string[] Texts(RunResult result) =>
    [
        .. result.Output.Cast<OpiCost>().Select(row =>
            string.Create(
                CultureInfo.InvariantCulture,
                $"{row.SessionId} {row.Model} {row.InputTokens} {row.OutputTokens} {row.CacheReadTokens} {row.CacheWriteTokens} {row.Responses} "
                    + $"{row.TotalCost} {row.KnownCost} {row.UnpricedResponses}")),
    ];

    /// <summary>Rows of all days, models with and without a price, and bills with all that there can be.</summary>
    private static OpiUsage[] RandomRows(int seed, int count)
    {
        var random = new Random(seed);
        var newYear = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        (string? Provider, string? Model)[] models =
        [
            ("anthropic", "claude-sonnet-4-5"), ("openai", "gpt-4o"), ("lab", "house-model"), (null, "unheard-of"),
            ("anthropic", "=cmd|'/c calc'!A0"), (null, null),
        ];
        string[] bills =
        [
            "{}", """{"cost":0.0026}""", """{"logged_cost":0.0000001234567890123456789}""", """{"cost":1234567.891,"logged_cost":12.5}""",
            """{"cost":0.5,"billing":{"stated_cost":0.5,"stated_by":"openrouter"}}""",
            """{"billing":{"unknown":["x=1,5"]}}""", """{"billing":{"us_inference":true}}""",
            """{"billing":{"passes":[{"kind":"advisor","model":"claude-opus-4-5","input_tokens":1,"output_tokens":1}]}}""",
        ];
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            (string? provider, string? model) = models[random.Next(models.Length)];
            long input = random.Next(5_000_000), output = random.Next(100_000);
            long read = random.Next(2) * random.NextInt64(1L << 40), write = random.Next(3) * 1000L;
            OpiUsage row = new OpiUsage
            {
                Timestamp = i % 20 == 0 ? null : newYear.AddTicks(random.NextInt64(TimeSpan.TicksPerDay * 360)),
                Source = (UsageSource)random.Next(Enum.GetValues<UsageSource>().Length),
                SessionId = $"s{random.Next(3)}",
                Project = random.Next(3) switch { 0 => null, 1 => @"C:\größe, and ""quotes""", _ => "'=1+1" },
                Provider = provider,
                Model = model,
                InputTokens = input,
                OutputTokens = output,
                CacheReadTokens = read,
                CacheWriteTokens = write,
                CacheWrite1hTokens = random.Next(2) == 0 ? null : write / 2,
                ReasoningTokens = random.Next(2) == 0 ? null : output / 3,
                TotalTokens = input + output + read + write,
                IsSidechain = random.Next(2) == 0,
                Tier = (ServiceTier)random.Next(Enum.GetValues<ServiceTier>().Length),
                WebSearches = random.Next(3),
                ResponseId = random.Next(2) == 0 ? null : $"msg_{i}",
                Turn = random.Next(4),
                CostSource = (CostSource)(random.Next(2) * 5),
            }.WithBill(bills[random.Next(bills.Length)]);
            // A row whose text begins with the mark of a safe cell comes back without it: Get-OpiUsage -SafeForSpreadsheet says so.
            return row with { Priced = row.Cost is not null, KnownCost = row.Cost ?? 0, Project = row.Project == "'=1+1" ? "=1+1" : row.Project };
        })];
    }
}
