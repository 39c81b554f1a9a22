using System.Management.Automation;
using System.Reflection;

namespace Opi.PowerShell.Tests;

/// <summary>-SafeForSpreadsheet: no text of a log is a formula in a spreadsheet.</summary>
public sealed class SpreadsheetTests : EngineTest
{
    private static readonly string[] Dangerous = ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "\n=1", "'=1", "''-x"];

    public SpreadsheetTests()
    {
        File.WriteAllLines(
            Path.Combine(Folder, "claude.jsonl"), Dangerous.Select(text => ClaudeLog.Line(text, model: text, project: text, session: text)));
        Engine.Set("log", Path.Combine(Folder, "claude.jsonl"));
    }

    [Theory]
    [InlineData("Get-OpiUsage $log")]
    [InlineData("Get-OpiCost -Source ClaudeCode -LogPath $log")]
    [InlineData("Get-OpiCost -Source ClaudeCode -LogPath $log -By Response -Total")]
    [InlineData("Get-OpiCost -Source ClaudeCode -LogPath $log -By Project, Model, Day -Budget 0 -Total")]
    [InlineData("Get-OpiUsage $log | Get-OpiCost -By Project, Model, Source")]
    public void No_text_is_a_formula(string command)
    {
        PSObject[] plain = Rows(command);
        PSObject[] safe = Rows(command + " -SafeForSpreadsheet");

        Assert.Contains(plain.SelectMany(Texts), text => text.StartsWith('='));
        Assert.DoesNotContain(safe.SelectMany(Texts), text => text.Length > 0 && "=+-@\t\r\n".Contains(text[0], StringComparison.Ordinal));
        Assert.Equal(plain.Length, safe.Length);
        foreach ((PSObject row, PSObject copy) in plain.Zip(safe))
        {
            Assert.Equal(row.TypeNames, copy.TypeNames);
            Assert.Equal(row.Properties.Select(property => property.Name), copy.Properties.Select(property => property.Name));
            Assert.All(
                row.Properties.Where(property => property.Value is not string),
                property => Assert.Equal(property.Value, copy.Properties[property.Name].Value));
        }
    }

    [Fact]
    public void Every_text_of_a_row_is_made_safe()
    {
        OpiUsage usage = new() { Timestamp = DateTimeOffset.UnixEpoch };
        OpiCost cost = new();
        OpiResponseCost response = new();
        Assert.All(new object[] { usage, cost, response }, row =>
        {
            PropertyInfo[] texts = [.. row.GetType().GetProperties().Where(property => property.PropertyType == typeof(string) && property.CanWrite)];
            Assert.NotEmpty(texts);
            Array.ForEach(texts, property => property.SetValue(row, "=x"));
            object copy = row is OpiUsage given ? SpreadsheetText.Protect(given) : SpreadsheetText.Protect(new PSObject(row)).BaseObject;
            Assert.All(texts, property => Assert.Equal("'=x", property.GetValue(copy)));
            Assert.All(texts, property => Assert.Equal("=x", property.GetValue(row)));
        });
    }

    [Fact]
    public void A_safe_row_is_read_back_as_what_it_was()
    {
        string cells = "% { $h = [ordered]@{}; $_.PSObject.Properties | % { $h[$_.Name] = \"$($_.Value)\" }; [pscustomobject]$h }";

        Assert.Equal(Keys("Get-OpiUsage $log"), Keys($"Get-OpiUsage $log -SafeForSpreadsheet | {cells}"));

        string[] Keys(string rows) =>
        [
            .. Rows($"{rows} | Get-OpiCost -By Project -TimeZone UTC")
                .Select(row => $"{row.Properties["Project"].Value}|{row.Properties["Model"].Value}")
                .Order(StringComparer.Ordinal),
        ];
    }

    private static IEnumerable<string> Texts(PSObject row) => row.Properties.Select(property => property.Value).OfType<string>();

    private PSObject[] Rows(string script)
    {
        using var shell = System.Management.Automation.PowerShell.Create(Engine.Runspace);
        PSObject[] rows = [.. shell.AddScript(script + " -WarningAction SilentlyContinue").Invoke()];
        Assert.Empty(shell.Streams.Error);
        return rows;
    }
}
