using Opi.Tests;
using System.Management.Automation;

namespace Opi.PowerShell.Tests;

public sealed class ExportOpiReportTests : EngineTest
{
    private const string FullName = "Opi.PowerShell.Commands.ExportOpiReportCommand";

    private string Report => Path.Combine(Folder, "report.html");

    [Fact]
    public void Rows_of_the_pipeline_are_reported()
    {
        StoredSession(2);
        StoredSession(1);
        FileInfo file = Engine.One<FileInfo>("Get-OpiUsage $folder | Export-OpiReport $folder/report.html -Title 'My <b>report</b>' -TimeZone UTC -PassThru");
        Assert.Equal(Report, file.FullName);
        string page = SharedText.ReadAllText(Report);
        Assert.Contains("<h1>My &lt;b&gt;report&lt;/b&gt;</h1>", page, StringComparison.Ordinal);
        Assert.Contains("<dt>Responses</dt><dd>3</dd>", page, StringComparison.Ordinal);
        Assert.Contains("days in UTC", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-Machine build1", 1)]
    [InlineData("-Machine build*", 2)]
    [InlineData("-User ann", 1)]
    [InlineData("-Model *opus*", 1)]
    [InlineData("-Project */web", 2)]
    [InlineData("-Since 2026-03-02 -TimeZone UTC", 2)]
    [InlineData("-Until 2026-03-01 -TimeZone UTC", 1)]
    [InlineData("-Until 2026-03-01 -TimeZone UTC -User bob", 0)]
    public void A_filter_takes_the_same_of_the_pipeline_as_of_logs(string filter, int responses)
    {
        Engine.Run("""
            $rows = @(
                [pscustomobject]@{ Time = '2026-03-01T12:00:00Z'; Machine = 'build1'; User = 'ann'; Project = '/a/web'; Model = 'claude-sonnet-4-5'; InputTokens = 10; OutputTokens = 1; Source = 'Codex' }
                [pscustomobject]@{ Time = '2026-03-02T12:00:00Z'; Machine = 'build2'; User = 'bob'; Project = '/a/web'; Model = 'claude-sonnet-4-5'; InputTokens = 20; OutputTokens = 1; Source = 'Codex' }
                [pscustomobject]@{ Time = '2026-03-03T12:00:00Z'; Machine = 'desk'; User = 'bob'; Project = '/a/app'; Model = 'claude-opus-4-5'; InputTokens = 30; OutputTokens = 1; Source = 'Codex' })
            """);
        string page = Engine.One<string>($"$rows | Export-OpiReport -AsText {filter}");
        Assert.Contains(responses == 0 ? "No usage" : $"<dt>Responses</dt><dd>{responses}</dd>", page, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_pipeline_gives_a_report_without_usage()
    {
        Engine.Run("Get-OpiUsage $folder | Export-OpiReport $folder/report.html").WithoutErrors();
        Assert.Contains("No usage", SharedText.ReadAllText(Report), StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_that_lost_their_type_are_taken_by_their_columns()
    {
        Engine.Run("""
            [pscustomobject]@{ Timestamp = '2026-03-01T12:00:00Z'; Source = 'Codex'; Model = 'claude-sonnet-4-5'; Provider = 'anthropic'; InputTokens = '1000'; OutputTokens = 200; CacheWrite1hTokens = '' } |
                Export-OpiReport $folder/report.html
            """).WithoutErrors();
        Assert.Contains("<dd>$0.0060</dd>", SharedText.ReadAllText(Report), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_a_row_is_refused()
    {
        ErrorRecord error = Engine.Run("1 | Export-OpiReport $folder/report.html").Errors[0];
        Assert.IsType<ParameterBindingException>(error.Exception, exactMatch: false);
    }

    [Fact]
    public void Rows_that_cannot_be_read_give_one_error_and_no_report()
    {
        Engine.Run("1..3 | % { [pscustomobject]@{ InputTokens = 'many' } } | Export-OpiReport $folder/report.html").Error($"UsageNotReadable,{FullName}");
        Assert.False(File.Exists(Report));
    }

    [Fact]
    public void What_cannot_be_written_is_an_error_and_nothing_changes()
    {
        IReadOnlyList<string> before = Snapshot();
        Assert.Equal(ErrorCategory.WriteError, Engine.Run("Get-OpiUsage $folder | Export-OpiReport $folder/nope/x.html").Error($"ExportFailed,{FullName}").CategoryInfo.Category);
        Engine.Run("Get-OpiUsage $folder | Export-OpiReport $folder/x.html -WhatIf").WithoutErrors();
        Engine.Run("Export-OpiReport $folder/x.html -TimeZone Nowhere").BindingError("TimeZone");
        Engine.Run("Export-OpiReport $folder/x.html -Since 03/04/2026").BindingError("Since");
        Assert.Equal(before, Snapshot());
    }
}
