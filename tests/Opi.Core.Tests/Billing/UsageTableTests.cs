using System.Text.Json;
using System.Text.Json.Nodes;

namespace Opi.Tests;

/// <summary>The tables of the code against those that were written from the providers' documents (tests/data/usage).</summary>
public class UsageTableTests
{
    private static readonly Dictionary<string, UsageShape> Shapes = new()
    {
        ["Anthropic"] = AnthropicUsage.Instance,
        ["OpenAIChat"] = ChatUsage.Instance,
        ["OpenAIResponses"] = ResponsesUsage.Instance,
        ["Gemini"] = GeminiUsage.Instance,
        ["GeminiInteractions"] = InteractionsUsage.Instance,
        ["Bedrock"] = BedrockUsage.Instance,
        ["Ollama"] = OllamaUsage.Instance,
    };

    private static JsonElement[] Members => Rows("members.json");

    public static TheoryData<string, string> Unpriced => Of("unpriced");

    public static TheoryData<string, string> Free => Of("free");

    public static TheoryData<string, string> Counts => Of("count", "part", "calls");

    public static TheoryData<string, string, string, string, bool, string?> Rates
    {
        get
        {
            var data = new TheoryData<string, string, string, string, bool, string?>();
            foreach (JsonElement row in Rows("rates.json"))
            {
                data.Add(
                    row.GetProperty("shape").GetString()!,
                    row.GetProperty("member").GetString()!,
                    row.GetProperty("value").GetRawText(),
                    row.GetProperty("tier").GetString()!,
                    row.GetProperty("priced").GetBoolean(),
                    row.TryGetProperty("server", out JsonElement server) ? server.GetString() : null);
            }

            return data;
        }
    }

    [Fact]
    public void The_codes_tables_equal_the_documents()
    {
        IEnumerable<string> expected = Members.Select(row => $"{row.GetProperty("shape")} {row.GetProperty("member")} {row.GetProperty("class")}");
        IEnumerable<string> actual = Shapes.SelectMany(shape => shape.Value.Table.Members.Concat(UsageTable.Common)
            .Select(member => $"{shape.Key} {member.Path} {member.Class.ToString().ToLowerInvariant()}"));

        Assert.Equal(expected.Order(StringComparer.Ordinal), actual.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Unpriced))]
    public void What_has_no_price_makes_the_cost_incomplete(string shape, string member)
    {
        BillingDetails billing = Read(shape, member, 3).Usage.Billing!;

        string told = Assert.Single(billing.Unknown, reason => reason.StartsWith(member.Split(".*")[0], StringComparison.Ordinal));
        Assert.Contains("3", told, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Unpriced))]
    public void What_has_no_price_and_is_zero_says_nothing(string shape, string member) =>
        Assert.Empty(Read(shape, member, 0).Usage.Billing!.Unknown);

    [Theory]
    [MemberData(nameof(Free))]
    public void What_is_free_changes_nothing(string shape, string member)
    {
        Usage usage = Read(shape, member, 3).Usage;

        Assert.Empty(usage.Billing!.Unknown);
        Assert.Equal(Read(shape, member, 0).Usage.TotalTokens, usage.TotalTokens);
    }

    [Theory]
    [MemberData(nameof(Counts))]
    public void A_count_that_is_none_is_reported_and_is_not_counted(string shape, string member)
    {
        foreach (string bad in (string[])["-1", "1.5", "1e300", "9007199254740993", "true", "\"12\""])
        {
            Usage usage = Read(shape, member, JsonNode.Parse(bad)!).Usage;

            Assert.Contains(usage.Billing!.Unknown, reason => reason.StartsWith(member, StringComparison.Ordinal));
            Assert.True(usage.TotalTokens <= 20, $"{member} = {bad} counts {usage.TotalTokens}");
        }
    }

    [Theory]
    [InlineData("Anthropic")]
    [InlineData("OpenAIChat")]
    [InlineData("OpenAIResponses")]
    [InlineData("Gemini")]
    [InlineData("GeminiInteractions")]
    [InlineData("Bedrock")]
    [InlineData("Ollama")]
    public void A_member_that_nobody_knows_is_reported_unless_it_says_nothing(string shape)
    {
        Assert.Equal("foo_tokens=7", Assert.Single(Read(shape, "foo_tokens", 7).Usage.Billing!.Unknown));
        Assert.Empty(Read(shape, "foo_tokens", 0).Usage.Billing!.Unknown);
        if (shape != "Ollama") // whose counts stand among the members of the reply
        {
            Assert.Equal("foo.bar=7", Assert.Single(Read(shape, "foo.bar", 7).Usage.Billing!.Unknown));
            Assert.Equal("foo=x", Assert.Single(Read(shape, "foo", "x").Usage.Billing!.Unknown));
            Assert.Empty(Read(shape, "foo", "").Usage.Billing!.Unknown);
            Assert.Empty(Read(shape, "foo", new JsonObject { ["bar"] = new JsonArray(0, new JsonObject()) }).Usage.Billing!.Unknown);
            Assert.Empty(Read(shape, "foo", true).Usage.Billing!.Unknown);
        }
    }

    [Theory]
    [MemberData(nameof(Rates))]
    public void A_rate_is_known_with_its_price_or_reported(string shape, string member, string value, string tier, bool priced, string? server)
    {
        JsonObject reply = Replies.Of(shape, Usage(shape));
        Set(reply, member, JsonNode.Parse(value)!);
        BillingDetails billing = Replies.Read(reply, server is null ? null : $"{server}:{Replies.Model}").Usage.Billing!;

        Assert.Equal(Enum.Parse<ServiceTier>(tier), billing.Tier);
        Assert.Equal(priced, billing.Unknown.Length == 0);
        string name = member.Replace("usage.", "").Replace("usageMetadata.", "");
        Assert.All(billing.Unknown, reason => Assert.StartsWith(name, reason, StringComparison.Ordinal));
    }

    /// <summary>The page of the manual has every member and every rate that the code knows, and no other.</summary>
    [Fact]
    public void The_manual_has_the_members_and_the_rates()
    {
        string page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "providers.md"));
        string[] known =
        [
            .. Shapes.Values.SelectMany(shape => shape.Table.Members).Select(member => member.Path),
            .. UsageTable.Common.Select(member => member.Path),
            .. new[]
            {
                AnthropicUsage.Tiers, AnthropicUsage.Speeds, CompatibleServer.Tiers, GeminiUsage.Tiers, GeminiUsage.Traffic,
                BedrockUsage.Tiers, BedrockUsage.Latencies,
            }.SelectMany(table => table.Rates).Select(rate => rate.Value),
        ];

        Assert.All(known.Distinct(), name => Assert.Contains($"`{name}`", page, StringComparison.Ordinal));
    }

    /// <summary>A usage with a member, in the smallest reply of its shape. What the member is a part of is large enough.</summary>
    private static AssistantMessage Read(string shape, string member, JsonNode value)
    {
        JsonObject reply = Replies.Of(shape, shape == "Ollama" ? Usage(shape) : new JsonObject());
        string name = member.StartsWith('*') ? "x" + member[1..] : member.Replace(".*", ".x");
        string place = Shapes[shape].UsageName is { } usage ? usage + "." : "";
        foreach ((string count, JsonNode? number) in Usage(shape))
        {
            Set(reply, place + count, number!.DeepClone());
        }

        if (name.StartsWith("iterations.", StringComparison.Ordinal))
        {
            Set(reply, place + "iterations.type", "message");
            Set(reply, place + "iterations.input_tokens", 10);
            Set(reply, place + "iterations.output_tokens", 10);
        }

        if (member == "cost.*")
        {
            Set(reply, place + "cost.total_cost", 1);
        }

        if (name.StartsWith("trace.guardrail.usage", StringComparison.Ordinal))
        {
            (place, name) = ("", name.Replace("guardrail.usage", "guardrail.inputAssessment.g.invocationMetrics.usage"));
        }
        else if (name.StartsWith("tool_usage", StringComparison.Ordinal))
        {
            place = "";
        }

        Set(reply, place + name, value);
        return Replies.Read(reply);
    }

    private static JsonObject Usage(string shape) => shape switch
    {
        "Anthropic" => new JsonObject { ["input_tokens"] = 10, ["output_tokens"] = 10 },
        "OpenAIChat" => new JsonObject { ["prompt_tokens"] = 10, ["completion_tokens"] = 10 },
        "OpenAIResponses" => new JsonObject
        {
            ["input_tokens"] = 10,
            ["output_tokens"] = 10,
            ["input_tokens_details"] = new JsonObject { ["cache_write_tokens"] = 5 },
        },
        "Gemini" => new JsonObject { ["promptTokenCount"] = 10, ["candidatesTokenCount"] = 10 },
        "GeminiInteractions" => new JsonObject { ["total_input_tokens"] = 10, ["total_output_tokens"] = 10 },
        "Bedrock" => new JsonObject { ["inputTokens"] = 10, ["outputTokens"] = 10 },
        _ => new JsonObject { ["prompt_eval_count"] = 10, ["eval_count"] = 10 },
    };

    private static void Set(JsonObject reply, string path, JsonNode value)
    {
        string[] names = path.Split('.');
        JsonObject at = reply;
        foreach (string name in names[..^1])
        {
            if (at[name] is not JsonObject inner)
            {
                at[name] = inner = [];
            }

            at = inner;
        }

        at[names[^1]] = value;
    }

    private static TheoryData<string, string> Of(params string?[] kinds)
    {
        var data = new TheoryData<string, string>();
        foreach (JsonElement row in Members.Where(row => kinds.Contains(row.GetProperty("class").GetString())))
        {
            data.Add(row.GetProperty("shape").GetString()!, row.GetProperty("member").GetString()!);
        }

        return data;
    }

    private static JsonElement[] Rows(string file) => [.. JsonDocument.Parse(File.ReadAllText(Replies.Data(file))).RootElement.EnumerateArray()];
}
