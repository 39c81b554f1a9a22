using System.Management.Automation;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Opi.Tests;

namespace Opi.PowerShell.Tests;

/// <summary>The message says what is wrong; RecommendedAction says, in the cmdlets' words, what to do. ConciseView shows both.</summary>
public sealed partial class RemedyTests : EngineTest
{
    [Theory]
    [InlineData("Resume-OpiSession nothing-1 -Folder $folder", "SessionNotFound", "Get-OpiSession lists the ids there")]
    [InlineData("Resume-OpiSession -Latest -Folder $folder", "SessionNotFound", "New-OpiSession creates one")]
    [InlineData("Resume-OpiSession a..b -Folder $folder", "InvalidSessionId", "as Get-OpiSession shows it")]
    [InlineData("$s = New-OpiSession $folder; $null = $s | Add-OpiTurn -User q; Switch-OpiBranch $s -EntryId msg-9", "EntryNotFound", "Get-OpiEntry lists all")]
    [InlineData("$s = New-OpiSession $folder; $s | Close-OpiSession; $s | Add-OpiTurn -User q", "SessionClosed", "Resume-OpiSession opens it again")]
    [InlineData("$s = New-OpiSession $folder; $s | Close-OpiSession; Repair-OpiSession $s -Destination $s.Path", "SessionWriteFailed", "-Destination names the new file")]
    [InlineData("$s = New-OpiSession $folder; $s | Close-OpiSession; 'x' | Set-Content $folder/there.jsonl; Repair-OpiSession $s -Destination $folder/there.jsonl", "SessionWriteFailed", "-Force to replace it")]
    [InlineData("$s = New-OpiSession $folder; 'x' | Set-Content $folder/x.md; Export-OpiSession $s $folder/x.md -NoClobber", "ExportFailed", "leave out -NoClobber")]
    [InlineData("$s = New-OpiSession $folder; 'x' | Set-Content $folder/x.md; Set-ItemProperty $folder/x.md IsReadOnly $true; Export-OpiSession $s $folder/x.md; Set-ItemProperty $folder/x.md IsReadOnly $false", "ExportFailed", "-Force to replace it")]
    [InlineData("ConvertTo-OpiMessage '{}'", "UnknownReply", "-Provider names a shape")]
    [InlineData("ConvertTo-OpiMessage '{}' -Provider Anthropic", "UnknownReply", "Without -Provider")]
    [InlineData("ConvertTo-OpiMessage '{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"prompt is too long: 210000 tokens > 200000 maximum\"}}'", "ContextOverflow", "Invoke-OpiCompaction -Reason Overflow")]
    public void An_error_says_what_is_wrong_and_once_what_to_do(string script, string id, string remedy)
    {
        ErrorRecord error = Engine.Run(script).Errors[^1];

        Assert.StartsWith(id + ",", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains(remedy, error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        Assert.Equal(error.Exception.Message, error.ToString());
        Assert.Equal(1, CountShown(error, "ConciseView"));
        Assert.Equal(0, CountShown(error, "NormalView")); // which shows nobody's RecommendedAction
    }

    public static TheoryData<Type> Errors =>
        [.. typeof(OpiException).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(OpiException)))];

    [Theory]
    [MemberData(nameof(Errors))]
    public void Each_error_of_the_library_has_a_category(Type type)
    {
        var error = (OpiException)RuntimeHelpers.GetUninitializedObject(type);

        Assert.Matches("^[A-Z][A-Za-z]+$", error.ErrorId);
        Assert.NotEqual(ErrorCategory.NotSpecified, ErrorMap.CategoryOf(error.ErrorId));
    }

    [Fact]
    public void A_warning_has_the_remedy_behind_the_message()
    {
        OpiException error = Assert.IsAssignableFrom<OpiException>(
            Engine.Run("Resume-OpiSession nothing-1 -Folder $folder").Errors[^1].Exception);

        Assert.StartsWith(error.Message.TrimEnd('.') + ". Get-OpiSession lists", error.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_request_without_a_message_names_the_parameter_that_adds_one()
    {
        RunResult result = Engine.Run("$s = New-OpiSession $folder; $s | Get-OpiContext -As Anthropic");

        Assert.Contains("; -Prompt adds one.", Assert.Single(result.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_report_says_where_there_may_be_more()
    {
        Engine.Run("Export-OpiReport $folder/r.html -Source Opi -Since 2999-01-01").WithoutErrors();

        Assert.Contains("With -Source All", SharedText.ReadAllText(Path.Combine(Folder, "r.html")), StringComparison.Ordinal);
    }

    /// <summary>How often a view shows the remedy of an error.</summary>
    private int CountShown(ErrorRecord error, string view)
    {
        Engine.Set("shown", error);
        string text = Squeeze(string.Concat(Engine.Run($"$ErrorView = '{view}'; $shown | Out-String -Width 1000").Output));
        Assert.Contains(Squeeze(error.Exception.Message), text, StringComparison.Ordinal);
        return text.Split(Squeeze(error.ErrorDetails.RecommendedAction)).Length - 1;
    }

    /// <summary>A text without colours, and without what wraps its lines.</summary>
    private static string Squeeze(string text) => Colour().Replace(text, "").Replace(" ", "", StringComparison.Ordinal);

    [GeneratedRegex(@"\x1b\[[0-9;]*m|[\r\n|]")]
    private static partial Regex Colour();
}
