using System.Globalization;
using System.Management.Automation;

namespace Opi.PowerShell.Tests;

/// <summary>Whatever form a report of costs has, its figures are the same: a total or a filter that leaves nothing out changes no other row.</summary>
public sealed class OneCostTests : EngineTest
{
    private const string Turns = "1..2 | ForEach-Object { $null = $s | Add-OpiTurn -User q -Assistant a -InputTokens 1000000 -OutputTokens 100000 }";

    private static readonly CostGrouping[] Groupings = Enum.GetValues<CostGrouping>();

    public static TheoryData<CostGrouping> AllGroupings() => [.. Groupings];

    [Theory]
    [MemberData(nameof(AllGroupings))]
    public void A_total_and_a_filter_that_leaves_nothing_out_change_no_other_row(CostGrouping first)
    {
        MakeFolder();
        foreach (string by in WithOthers(first))
        {
            string[] plain = Rows($"Get-OpiCost -Folder $folder -By {by}");

            Assert.NotEmpty(plain);
            foreach (string form in new[]
            {
                "Get-OpiCost -Folder $folder -Total",
                "Get-OpiCost -Folder $folder -Since 2000-01-01",
                "Get-OpiCost -Folder $folder -Until 2100-01-01",
                "Get-OpiCost -Folder $folder -Model '*'",
                "Get-OpiCost -Folder $folder -Project '*'",
                "Get-OpiCost -Folder $folder -Since 2000-01-01 -Until 2100-01-01 -Model '*' -Total",
                "Get-OpiCost -Source Opi -LogPath $folder",
                "Get-OpiCost -Source Opi, Codex, Ledger -LogPath $folder -Total",
                "Get-OpiSession -Folder $folder | Get-OpiCost",
            })
            {
                Assert.Equal([$"{form} -By {by}", .. plain], [$"{form} -By {by}", .. Rows($"{form} -By {by}")]);
            }
        }
    }

    [Theory]
    [MemberData(nameof(AllGroupings))]
    public void All_rows_together_are_the_total_and_each_response_is_in_one(CostGrouping first)
    {
        MakeFolder();
        OpiUsage[] responses = [.. Engine.All<OpiUsage>("Get-OpiUsage $folder -Source Opi")];
        foreach (string by in WithOthers(first))
        {
            PSObject[] rows = Objects($"Get-OpiCost -Folder $folder -By {by} -Total");

            OpiCost total = (OpiCost)rows[^1].BaseObject;
            OpiCost[] others = [.. rows.SkipLast(1).Select(row => (OpiCost)row.BaseObject)];
            Assert.Equal((6, 6), (responses.Length, total.Responses));
            Assert.Equal((total.Responses, total.TotalTokens), (others.Sum(row => row.Responses), others.Sum(row => row.TotalTokens)));
            Assert.Equal((responses.Sum(row => row.Cost ?? 0), null), (total.KnownCost, total.TotalCost)); // nobody reported one of them
            Assert.Equal((total.KnownCost, 1, 1), (others.Sum(row => row.KnownCost), total.UnpricedResponses, others.Sum(row => row.UnpricedResponses)));
        }
    }

    [Theory]
    [InlineData("$_")]
    [InlineData("[System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($_))")]
    public void Rows_of_usage_that_are_piped_in_give_the_same(string copy)
    {
        MakeFolder();
        foreach (string by in new[] { "Session", "Turn", "Model", "Day", "Project, Model", "Source" })
        {
            // A session or turn without a response is not a row of usage.
            string[] own = [.. Objects($"Get-OpiCost -Folder $folder -By {by}").Where(row => ((OpiCost)row.BaseObject).Responses > 0).Select(row => Text(row, "Turns"))];
            string[] piped = [.. Objects($"Get-OpiUsage $folder -Source Opi | ForEach-Object {{ {copy} }} | Get-OpiCost -By {by}").Select(row => Text(row, "Turns"))];

            Assert.NotEmpty(own);
            Assert.Equal(own, piped);
        }
    }

    [Fact]
    public void A_fork_has_what_it_added_and_shared_turns_count_once_in_every_form()
    {
        // 3 turns at 1,000,000 x $6 + 100,000 x $22.50 a million (more than 200,000 tokens of prompt).
        string parent = Session(3);
        string fork = Copy(parent);

        foreach (string form in new[] { "", "-By Model", "-Total", "-Since 2000-01-01", "-By Turn", "-By Day", "-Budget 100 -Period Month" })
        {
            Assert.Equal(24.75m, Objects($"Get-OpiCost -Folder $folder {form}").Where(row => row.Properties["IsTotal"]?.Value is not true).Sum(row => ((OpiCost)row.BaseObject).TotalCost));
        }

        Assert.Equal([(parent, 3L, 3, 24.75m), (fork, 0L, 0, 0m)], Costs("Get-OpiCost -Folder $folder"));
        Engine.Run($"$null = '{fork}' | Add-OpiTurn -Folder $folder -User q -Assistant a -Model openai:gpt-4o -InputTokens 1000000").WithoutErrors();
        Assert.Equal([(parent, 3L, 3, 24.75m), (fork, 1L, 1, 2.5m)], Costs("Get-OpiCost -Folder $folder -Total -Since 2000-01-01 | Where-Object IsTotal -eq $false"));

        // Naming a session is a filter too.
        Assert.Equal([(fork, 1L, 1, 2.5m)], Costs($"Get-OpiCost {fork} -Folder $folder"));
        Assert.Equal([(fork, 1L, 1, 2.5m)], Costs($"Get-OpiCost -Source Opi -LogPath \"$folder/{fork}.jsonl\""));
        Assert.Equal([4], Objects($"Get-OpiCost {fork} -Folder $folder -By Turn").Select(row => ((OpiTurnCost)row.BaseObject).Turn));
    }

    [Fact]
    public void What_a_deleted_session_cost_is_in_its_oldest_fork()
    {
        string parent = Session(2);
        string first = Copy(parent), second = Copy(parent);
        string third = Copy(second);
        File.Delete(PathOf(parent));

        (string, long, int, decimal)[] expected = [(first, 2L, 2, 16.5m), (second, 0L, 0, 0m), (third, 0L, 0, 0m)];
        Assert.Equal(expected, Costs("Get-OpiCost -Folder $folder"));
        Assert.Equal(expected, Costs($"'{third}', '{second}', '{first}' | Get-OpiCost -Folder $folder"));
        Assert.Equal([expected[1]], Costs($"Get-OpiCost {second} -Folder $folder"));

        File.Delete(PathOf(second)); // the one between the others
        Assert.Equal([expected[0], expected[2]], Costs("Get-OpiCost -Folder $folder"));
        Assert.Equal([expected[2]], Costs($"Get-OpiCost {third} -Folder $folder"));

        File.Delete(PathOf(first));
        Assert.Equal([(third, 2L, 2, 16.5m)], Costs("Get-OpiCost -Folder $folder -Total | Where-Object IsTotal -eq $false"));
    }

    [Fact]
    public void A_second_file_of_a_session_counts_only_what_the_first_has_not()
    {
        string id = Session(2);
        string copy = Path.Combine(Folder, "backup.jsonl");
        File.Copy(PathOf(id), copy);
        Engine.Run($"$null = \"$folder/backup.jsonl\" | Add-OpiTurn -User q -Assistant a -Model openai:gpt-4o -InputTokens 1000000").WithoutErrors();

        Assert.Equal([(id, 3L, 3, 19m)], Costs("Get-OpiCost -Folder $folder"));
        Assert.Equal([(id, 3L, 3, 19m)], Costs($"'{id}', \"$folder/backup.jsonl\" | Get-OpiCost -Folder $folder -Since 2000-01-01"));
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("-Model openai:gpt-4o", "openai:gpt-4o")]
    public void Answers_without_a_model_have_the_one_that_the_session_was_opened_with_in_every_form(string parameters, string model)
    {
        WriteFile("nameless", NamelessSession);
        Engine.Run($"$s = Resume-OpiSession \"$folder/nameless.jsonl\" {parameters}").WithoutErrors();

        foreach (string form in new[] { "$s | Get-OpiCost", "$s | Get-OpiCost -Total | Where-Object IsTotal -eq $false", "Get-OpiCost -Folder $folder -By Model", "Get-OpiCost nameless -Folder $folder -By Day", "Get-OpiUsage $folder -Source Opi | Get-OpiCost" })
        {
            OpiCost row = Assert.Single(Objects($"{form} -WarningAction Ignore".Replace(" | Where-Object IsTotal -eq $false -WarningAction Ignore", " -WarningAction Ignore | Where-Object IsTotal -eq $false", StringComparison.Ordinal)).Select(row => (OpiCost)row.BaseObject));
            Assert.Equal(model.Length == 0 ? (null, null) : (model, 2.5m), (row.Model, row.TotalCost));
        }
    }

    [Theory]
    [InlineData("Get-OpiCost broken -Folder $folder -Total")]
    [InlineData("Get-OpiCost broken -Folder $folder -By Day")]
    [InlineData("Get-OpiCost broken -Folder $folder")]
    public void A_named_session_that_cannot_be_read_is_an_error_in_every_form(string script)
    {
        WriteFile("broken", "not a session\n");

        ErrorRecord error = Engine.Run(script).Error("InvalidSessionFile,Opi.PowerShell.Commands.GetOpiCostCommand");

        Assert.Equal(PathOf("broken"), error.TargetObject);
    }

    private const string NamelessSession =
        """
        {"type":"session","version":1,"id":"nameless","timestamp":"2026-01-01T00:00:00Z","cwd":"/r","parent_session":null}
        {"type":"message","id":"msg-1","parent_id":null,"timestamp":"2026-01-01T00:00:01Z","message":{"role":"user","content":[{"type":"text","text":"q"}],"timestamp_ms":1}}
        {"type":"message","id":"msg-2","parent_id":"msg-1","timestamp":"2026-01-01T00:00:02Z","message":{"role":"assistant","content":[{"type":"text","text":"a"}],"api":"Anthropic","provider":"","model":"","response_model":null,"response_id":null,"usage":{"input_tokens":1000000,"output_tokens":0,"cache_read_tokens":0,"cache_write_tokens":0},"stop_reason":"stop","error_message":null,"timestamp_ms":2}}

        """;

    /// <summary>Closed and open sessions, forks, empty ones, a prompt without an answer, an unknown usage, and a damaged line.</summary>
    private void MakeFolder()
    {
        string parent = Session(2);
        string fork = Copy(parent);
        Engine.Run($"$null = '{fork}' | Add-OpiTurn -Folder $folder -User q -Assistant a -Model openai:gpt-4o -InputTokens 1000000; $null = '{fork}' | Add-OpiTurn -Folder $folder -User alone").WithoutErrors();
        Copy(fork);
        Engine.Run("New-OpiSession $model -Path $folder | Close-OpiSession; $empty = New-OpiSession $model -Path $folder").WithoutErrors();
        WriteFile("damaged", NamelessSession.Replace("nameless", "damaged", StringComparison.Ordinal).Replace("\"model\":\"\"", "\"model\":\"gpt-4o\"", StringComparison.Ordinal).Replace("\"provider\":\"\"", "\"provider\":\"openai\"", StringComparison.Ordinal) + "garbage\n");
        WriteFile("nameless", NamelessSession);
        Engine.Run("$open = Resume-OpiSession \"$folder/nameless.jsonl\" -Model openai:gpt-4o; $null = $open | Add-OpiTurn -User q -Assistant 'nobody counted'").WithoutErrors();
        Engine.Run("$null = $open | Add-OpiTurn -User 'without an answer'").WithoutErrors();
    }

    /// <summary>A grouping alone, and with each of the others.</summary>
    private static IEnumerable<string> WithOthers(CostGrouping first) =>
        Groupings.Select(second => second == first ? $"{first}" : $"{first}, {second}");

    private string Session(int turns)
    {
        NewSession();
        Engine.Run(Turns.Replace("1..2", $"1..{turns}", StringComparison.Ordinal)).WithoutErrors();
        return Engine.One<OpiSession>("$s | Close-OpiSession; $s").Id;
    }

    private string Copy(string id)
    {
        Thread.Sleep(2); // ids that follow one another
        return Engine.One<OpiSessionInfo>($"Copy-OpiSession {id} -Folder $folder").Id;
    }

    private (string Session, long Responses, int Turns, decimal Cost)[] Costs(string script) =>
        [.. Objects(script).Select(row => (OpiCost)row.BaseObject).Select(row => (row.SessionId!, row.Responses, row.Turns, row.TotalCost!.Value))];

    private string[] Rows(string script) => [.. Objects(script).Where(row => row.Properties["IsTotal"]?.Value is not true).Select(row => Text(row, "IsTotal"))];

    /// <summary>A row with its type and all its properties but one.</summary>
    // What a block is projected to cost depends on the moment.
    private static string Text(PSObject row, string except) =>
        $"{row.TypeNames[0]}: {string.Join("; ", row.Properties.Where(property => property.Name != except && property.Name != "Projected").Select(property => $"{property.Name}={Convert.ToString(property.Value, CultureInfo.InvariantCulture)}"))}";

    private PSObject[] Objects(string script)
    {
        var list = new List<PSObject>();
        Engine.Set("list", list);
        Assert.Empty(Engine.Run($"{script} | ForEach-Object {{ $list.Add($_) }}").Errors);
        return [.. list];
    }
}
