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
