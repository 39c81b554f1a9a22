namespace Opi.Tests;

/// <summary>What a usage of Claude Code's logs is billed for beside plain counts.</summary>
public sealed class ClaudeUsageTests
{
    [Theory]
    [InlineData("only messages", """{"type":"message","input_tokens":4,"output_tokens":1},{"type":"message","input_tokens":6,"output_tokens":1}""", 12, "", null)]
    [InlineData(
        "a compaction is billed beside the sum",
        """{"type":"compaction","input_tokens":180000,"output_tokens":3500},{"type":"message","input_tokens":10,"output_tokens":2}""",
        183512,
        "compaction:183500",
        null)]
    [InlineData(
        "the fallback served: the try before it cost nothing, and a credit may have made the fallback cheaper",
        """{"type":"message","input_tokens":9,"output_tokens":0},{"type":"fallback_message","model":"claude-b","input_tokens":10,"output_tokens":2}""",
        12,
        "fallback_message:12",
        "iterations.type")]
    [InlineData(
        "a try that put something out is billed at its own model",
        """{"type":"message","model":"claude-c","input_tokens":9,"output_tokens":3},{"type":"fallback_message","model":"claude-b","input_tokens":10,"output_tokens":2}""",
        24,
        "fallback_message:12 message:12",
        "iterations.type")]
    [InlineData(
        "a fallback that is not in the sum was declined",
        """{"type":"message","input_tokens":10,"output_tokens":2},{"type":"fallback_message","model":"claude-b","input_tokens":900,"output_tokens":3}""",
        12,
        "",
        null)]
    [InlineData("a pass of another kind", """{"type":"message","input_tokens":10,"output_tokens":2},{"type":"dream","input_tokens":1}""", 12, "", "iterations.type")]
    [InlineData("a pass of another kind that used nothing", """{"type":"message","input_tokens":10,"output_tokens":2},{"type":"dream"}""", 12, "", null)]
    [InlineData("passes that are not the sum", """{"type":"message","input_tokens":10,"output_tokens":1}""", 11, "", "output_tokens")]
    public void Passes_are_billed_by_the_table(string what, string iterations, long total, string passes, string? unknown)
    {
        OpiUsage row = Assert.Single(Read($$"""{"input_tokens":10,"output_tokens":2,"iterations":[{{iterations}}]}""").Rows);

        Assert.True(total == row.TotalTokens, what);
        Assert.Equal(passes, string.Join(' ', row.Billing?.Passes.Select(pass => $"{pass.Kind}:{pass.ToUsage().TotalTokens}") ?? []));
        Assert.Equal(unknown, (row.Billing?.Unknown ?? []).Select(reason => reason.Split('=', ':')[0]).SingleOrDefault());
        Assert.Equal(unknown is null, row.Cost is not null);
    }

    [Fact]
    public void Each_message_of_a_long_loop_has_the_price_of_its_own_length()
    {
        // Sonnet 4.5 costs more above 200,000 tokens of input in one request. Here no request has so many, but their sum has.
        UsageScanResult result = Read("""
            {"input_tokens":300000,"output_tokens":2,"iterations":[{"type":"message","input_tokens":150000,"output_tokens":1},{"type":"message","input_tokens":150000,"output_tokens":1}]}
            """);

        Assert.Equal(0.90003m, Assert.Single(result.Rows).Cost); // 300,000 x 3 + 2 x 15 USD a million
    }

    [Fact]
    public void A_pass_that_repeats_the_counts_makes_a_response_no_other_one()
    {
        string[] plain =
        [
            """{"input_tokens":10,"output_tokens":2,"iterations":[{"type":"message","input_tokens":10,"output_tokens":2}]}""",
            """{"input_tokens":10,"output_tokens":2,"iterations":[{"type":"message","model":"claude-sonnet-4-5","input_tokens":10,"output_tokens":2,"cache_creation":null}]}""",
            """{"input_tokens":10,"output_tokens":2,"iterations":null,"service_tier":null,"speed":"standard","inference_geo":"","server_tool_use":{"web_search_requests":0,"web_fetch_requests":3}}""",
            """{"input_tokens":10,"output_tokens":2,"service_tier":"standard","inference_geo":"not_available","cache_creation":{},"total_time":5,"extra":{"a":[0,"x",null,false]}}""",
        ];

        Assert.All(plain, usage =>
        {
            OpiUsage row = Assert.Single(Read(usage).Rows);
            Assert.Null(row.Billing);
            Assert.Equal((12, 0.00006m), (row.TotalTokens, row.Cost)); // 10 x 3 + 2 x 15 USD a million
        });
    }

    [Theory]
    [InlineData("\"inference_geo\":\"us\"", true, null)]
    [InlineData("\"inference_geo\":\"global\"", false, null)]
    [InlineData("\"inference_geo\":\"mars\"", false, "inference_geo=mars")]
    [InlineData("\"service_tier\":\"ultra\"", false, "service_tier=ultra")]
    [InlineData("\"speed\":\"warp\"", false, "speed=warp")]
    [InlineData("\"server_tool_use\":{\"web_search_requests\":1,\"code_execution_requests\":2}", false, "server_tool_use.code_execution_requests=2")]
    [InlineData("\"new_tokens\":7", false, "new_tokens=7")]
    [InlineData("\"new\":{\"deep\":[{\"tokens\":7}]}", false, "new.deep.tokens=7")]
    [InlineData("\"cache_creation\":{\"ephemeral_12h_input_tokens\":9}", false, "cache_creation.ephemeral_12h_input_tokens=9")]
    [InlineData("\"output_tokens_details\":{\"thinking_tokens\":3}", false, "output_tokens_details.thinking_tokens: 3 is more than the 2 that it is a part of")]
    [InlineData("\"fallback_credit\":{\"status\":{\"type\":\"redeemed\"}}", false, "fallback_credit.status.type=redeemed")]
    [InlineData("\"fallback_credit\":{\"status\":{\"type\":\"not_applied\"}}", false, null)]
    public void What_is_not_known_makes_the_cost_incomplete(string member, bool isUs, string? unknown)
    {
        UsageScanResult result = Read($$"""{"input_tokens":10,"output_tokens":2,{{member}}}""");

        OpiUsage row = Assert.Single(result.Rows);
        Assert.Equal(isUs, row.Billing?.UsInference ?? false);
        Assert.Equal(unknown ?? "", row.Unknown());
        Assert.Equal(unknown is null ? 0 : 1, result.Unknown.Details.Count);
        if (unknown is not null)
        {
            Assert.Null(row.Cost);
            Assert.NotNull(row.Billing!.Raw);
            Assert.Empty(result.UnpricedModels);
        }
    }

    [Theory]
    [InlineData("\"service_tier\":\"batch\"", ServiceTier.Batch)]
    [InlineData("\"service_tier\":\"priority\"", ServiceTier.Priority)]
    [InlineData("\"speed\":\"fast\"", ServiceTier.Fast)]
    [InlineData("\"speed\":\"fast\",\"service_tier\":\"standard\"", ServiceTier.Fast)]
    [InlineData("\"speed\":\"fast\",\"service_tier\":\"batch\"", ServiceTier.Other)]
    [InlineData("\"service_tier\":\"batch\",\"speed\":\"fast\"", ServiceTier.Other)]
    public void A_rate_is_reported_in_any_order_of_the_members(string members, ServiceTier tier)
    {
        OpiUsage row = Assert.Single(Read($$"""{{{members}},"input_tokens":10,"output_tokens":2}""").Rows);

        Assert.Equal(tier, row.Tier);
        Assert.Equal(tier == ServiceTier.Other, row.Billing is { Unknown.Length: > 0 });
    }

    [Fact]
    public void Tokens_of_a_new_name_alone_are_a_response_whose_cost_nobody_knows()
    {
        UsageScanResult result = Read("""{"prompt":900,"completion":30}""");

        OpiUsage row = Assert.Single(result.Rows);
        Assert.Equal((0, null), (row.TotalTokens, row.Cost));
        Assert.Equal(["anthropic: completion", "anthropic: prompt"], result.Unknown.Details.Keys);
    }

    [Fact]
    public void A_container_has_a_time_that_nobody_tells()
    {
        string line = Line("""{"input_tokens":10,"output_tokens":2}""");

        Assert.NotNull(Scan.OfLines(UsageSource.ClaudeCode, line.Replace("\"role\"", "\"container\":null,\"role\"", StringComparison.Ordinal)).Rows[0].Cost);
        OpiUsage row = Scan.OfLines(UsageSource.ClaudeCode, line.Replace("\"role\"", "\"container\":{\"id\":\"c\"},\"role\"", StringComparison.Ordinal)).Rows[0];
        Assert.Equal((12, null), (row.TotalTokens, row.Cost));
    }

    [Fact]
    public void An_advisor_of_a_response_in_the_United_States_is_there_too()
    {
        UsageScanResult result = Read("""
            {"input_tokens":10,"output_tokens":2,"inference_geo":"us","iterations":[{"type":"advisor_message","model":"claude-opus-4-8","input_tokens":30,"output_tokens":4},{"type":"message","input_tokens":10,"output_tokens":2}]}
            """);

        Assert.Equal([("claude-opus-4-8", 34L), ("claude-sonnet-4-5", 12)], result.Rows.OrderBy(row => row.Model).Select(row => (row.Model!, row.TotalTokens)));
        Assert.All(result.Rows, row => Assert.True(row.Billing!.UsInference));
        Assert.Equal("claude:m:r:advisor-1", result.Rows.Single(row => row.TotalTokens == 34).Key);
    }

    [Theory]
    [InlineData("msg_bdrk_01AAAAAAAAAAAAAAAAAA", "aws")]
    [InlineData("msg_vrtx_01AAAAAAAAAAAAAAAAAA", "google")]
    [InlineData("msg_01AAAAAAAAAAAAAAAAAAAAAA", "anthropic")]
    public void The_id_tells_who_was_asked(string id, string provider) => Assert.Equal(
        provider,
        Scan.OfLines(UsageSource.ClaudeCode, Line("""{"input_tokens":10,"output_tokens":2}""").Replace("\"m\"", $"\"{id}\"", StringComparison.Ordinal)).Rows[0].Provider);

    [Theory]
    [InlineData("claude-opus-4-6", "region: the log does not name it, and in some this model costs more")] // 5 USD a million, in regions 5.50
    [InlineData("claude-3-haiku-20240307", "")]
    [InlineData("us.anthropic.claude-sonnet-4-5-20250929-v1:0", "")]
    public void Where_Bedrock_does_not_tell_the_region_its_price_is_not_known(string model, string unknown)
    {
        string line = Line("""{"input_tokens":10,"output_tokens":2}""").Replace("\"m\"", "\"msg_bdrk_01AAAAAAAAAAAAAAAAAA\"", StringComparison.Ordinal);

        OpiUsage row = Assert.Single(Scan.OfLines(UsageSource.ClaudeCode, line.Replace("claude-sonnet-4-5", model, StringComparison.Ordinal)).Rows);

        Assert.Equal(unknown, row.Unknown());
        Assert.Equal(unknown.Length == 0, row.Cost is not null);
    }

    [Fact]
    public void Thinking_is_reported()
    {
        Assert.Equal(2, Read("""{"input_tokens":1,"output_tokens":5,"output_tokens_details":{"thinking_tokens":2}}""").Rows[0].ReasoningTokens);
    }

    private static UsageScanResult Read(string usage) => Scan.OfLines(UsageSource.ClaudeCode, Line(usage.Trim()));

    private static string Line(string usage) =>
        """{"isSidechain":false,"sessionId":"s","cwd":"/r","type":"assistant","timestamp":"2026-10-01T00:00:00Z","requestId":"r","message":{"id":"m","role":"assistant","model":"claude-sonnet-4-5","usage":"""
        + usage + "}}";
}
