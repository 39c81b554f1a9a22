using System.Text.Json.Nodes;
using Opi.ProviderStub;

namespace Opi.Tests;

/// <summary>Each provider's requests have the tools in its own form.</summary>
public sealed class ToolRequestTests
{
    private const string Schema = """{"type":"object","properties":{"city":{"type":"string","description":"Where."},"days":{"type":["integer","null"],"minimum":1}},"required":["city"]}""";

    private static readonly ToolDefinition[] Tools = [new("get weather", "Tells it.", Schema), new("now", null, """{"type":"object","properties":{}}""") { Strict = true }];

    [Theory]
    [InlineData(Provider.Anthropic, """{"tools":[{"name":"get_weather","description":"Tells it.","input_schema":SCHEMA},{"name":"now","input_schema":EMPTY,"strict":true}]}""")]
    [InlineData(Provider.OpenAIChat, """{"tools":[{"type":"function","function":{"name":"get_weather","description":"Tells it.","parameters":SCHEMA}},{"type":"function","function":{"name":"now","parameters":EMPTY,"strict":true}}]}""")]
    [InlineData(Provider.OpenAIResponses, """{"tools":[{"type":"function","name":"get_weather","description":"Tells it.","parameters":SCHEMA,"strict":false},{"type":"function","name":"now","parameters":EMPTY,"strict":true}]}""")]
    [InlineData(Provider.Gemini, """{"tools":[{"functionDeclarations":[{"name":"get_weather","description":"Tells it.","parameters":{"type":"OBJECT","properties":{"city":{"type":"STRING","description":"Where."},"days":{"type":"INTEGER","nullable":true,"minimum":1}},"required":["city"]}},{"name":"now"}]}]}""")]
    [InlineData(Provider.GeminiInteractions, """{"tools":[{"type":"function","name":"get_weather","description":"Tells it.","parameters":SCHEMA},{"type":"function","name":"now","parameters":EMPTY}]}""")]
    [InlineData(Provider.Ollama, """{"tools":[{"type":"function","function":{"name":"get_weather","description":"Tells it.","parameters":SCHEMA}},{"type":"function","function":{"name":"now","parameters":EMPTY}}]}""")]
    [InlineData(Provider.Bedrock, """{"toolConfig":{"tools":[{"toolSpec":{"name":"get_weather","description":"Tells it.","inputSchema":{"json":SCHEMA}}},{"toolSpec":{"name":"now","inputSchema":{"json":EMPTY},"strict":true}}]}}""")]
    public void The_tools_have_the_providers_form(Provider provider, string expected)
    {
        var request = JsonNode.Parse(Build(provider).Body.GetRawText())!.AsObject();
        string name = provider == Provider.Bedrock ? "toolConfig" : "tools";

        Assert.Equal(
            JsonNode.Parse(expected.Replace("SCHEMA", Schema, StringComparison.Ordinal).Replace("EMPTY", Tools[1].ParametersJson, StringComparison.Ordinal))!.ToJsonString(),
            new JsonObject { [name] = request[name]!.DeepClone() }.ToJsonString());
        Assert.Empty(ProviderRules.ValidateMessages(provider, Build(provider).Body));
    }

    [Theory]
    [InlineData("""{"type":"object","properties":{"a":{"type":"object"}}}""")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"integer","enum":[1,2]}}}""")]
    [InlineData("""{"type":"object","properties":{"a":{"type":["integer","string"]}}}""")]
    [InlineData("""{"type":"object","properties":{"a":{}}}""")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"object","additionalProperties":{"type":"string"}}}}""")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"array","items":{"$ref":"#/$defs/x"}}}}""")]
    public void Gemini_gets_the_JSON_schema_where_its_own_form_cannot_say_it(string schema) => Assert.Equal(
        schema,
        JsonNode.Parse(ProviderRequest.ToolsOf(Provider.Gemini, [new("t", null, schema)]).GetRawText())!["tools"]![0]!["functionDeclarations"]![0]!["parametersJsonSchema"]!.ToJsonString());

    [Theory]
    [InlineData("""{"type":"string","format":"uri"}""", """{"type":"STRING","description":"Format: uri."}""")]
    [InlineData("""{"type":"string","format":"date-time","description":"When"}""", """{"type":"STRING","format":"date-time","description":"When"}""")]
    [InlineData("""{"type":"string","description":"Where","format":"uri"}""", """{"type":"STRING","description":"Where (format: uri)"}""")]
    [InlineData("""{"type":["string","null"],"enum":["a",null]}""", """{"type":"STRING","nullable":true,"enum":["a"]}""")]
    [InlineData("""{"anyOf":[{"type":"string"},{"type":"null"}]}""", """{"nullable":true,"type":"STRING"}""")]
    [InlineData("""{"type":"object","properties":{"b":{"type":"boolean"}},"additionalProperties":false}""", """{"type":"OBJECT","properties":{"b":{"type":"BOOLEAN"}}}""")]
    public void A_schema_of_Geminis_own_says_the_same(string property, string expected) => Assert.Equal(
        """{"type":"OBJECT","properties":{"a":""" + expected + "}}",
        GeminiSchema.Of(JsonNode.Parse("""{"type":"object","properties":{"a":""" + property + "}}")!.AsObject())!.ToJsonString());

    [Fact]
    public void A_cached_request_marks_the_last_tool_where_the_provider_takes_it()
    {
        JsonNode anthropic = JsonNode.Parse(Build(Provider.Anthropic, cache: true).Body.GetRawText())!;
        JsonNode claude = JsonNode.Parse(Build(Provider.Bedrock, cache: true, model: "bedrock:us.anthropic.claude-sonnet-4-5-20250929-v1:0").Body.GetRawText())!;
        JsonNode nova = JsonNode.Parse(Build(Provider.Bedrock, cache: true, model: "bedrock:amazon.nova-pro-v1:0").Body.GetRawText())!;

        Assert.Null(anthropic["tools"]![0]!["cache_control"]);
        Assert.NotNull(anthropic["tools"]![1]!["cache_control"]);
        Assert.NotNull(claude["toolConfig"]!["tools"]![2]!["cachePoint"]);
        Assert.Equal(2, nova["toolConfig"]!["tools"]!.AsArray().Count);
    }

    [Theory]
    [InlineData("[]", "is not a JSON object")]
    [InlineData("{", "is not JSON text")]
    [InlineData("""{"type":"string"}""", "is not a JSON object whose type is object")]
    public void A_schema_that_is_none_is_an_error(string schema, string expected) => Assert.Contains(
        expected, Assert.Throws<InvalidToolException>(() => ProviderRequest.ToolsOf(Provider.Anthropic, [new("t", null, schema)])).Message, StringComparison.Ordinal);

    [Fact]
    public void Two_tools_of_one_name_are_an_error() => Assert.Contains(
        "both sent as 'a_b'",
        Assert.Throws<InvalidToolException>(() => ProviderRequest.ToolsOf(Provider.Anthropic, [new("a b", null, Schema), new("a_b", null, Schema)])).Message,
        StringComparison.Ordinal);

    private static ProviderRequest Build(Provider provider, bool cache = false, string? model = null) => ProviderRequest.Build(
        [new UserMessage("Hi.", 0)], provider, new RequestOptions { Tools = Tools, Cache = cache, Model = model });
}
