using System.Text.Json;
using System.Text.Json.Nodes;

namespace Opi.PowerShell.Tests;

/// <summary>What a model sees of a command.</summary>
public sealed class ToolSchemaTests : EngineTest
{
    [Theory]
    [InlineData("[string]$x", """{"type":"string"}""")]
    [InlineData("$x", "{}")]
    [InlineData("[object]$x", "{}")]
    [InlineData("[int]$x", """{"type":"integer"}""")]
    [InlineData("[long]$x", """{"type":"integer"}""")]
    [InlineData("[bigint]$x", """{"type":"integer"}""")]
    [InlineData("[byte]$x", """{"type":"integer","minimum":0,"maximum":255}""")]
    [InlineData("[uint64]$x", """{"type":"integer","minimum":0}""")]
    [InlineData("[double]$x", """{"type":"number"}""")]
    [InlineData("[decimal]$x", """{"type":"number"}""")]
    [InlineData("[bool]$x", """{"type":"boolean"}""")]
    [InlineData("[switch]$x", """{"type":"boolean"}""")]
    [InlineData("[char]$x", """{"type":"string","minLength":1,"maxLength":1}""")]
    [InlineData("[datetime]$x", """{"type":"string","format":"date-time"}""")]
    [InlineData("[datetimeoffset]$x", """{"type":"string","format":"date-time"}""")]
    [InlineData("[dateonly]$x", """{"type":"string","format":"date"}""")]
    [InlineData("[timespan]$x", """{"type":"string","description":"A time span as [days.]hh:mm:ss."}""")]
    [InlineData("[guid]$x", """{"type":"string","format":"uuid"}""")]
    [InlineData("[uri]$x", """{"type":"string","format":"uri"}""")]
    [InlineData("[mailaddress]$x", """{"type":"string","format":"email"}""")]
    [InlineData("[System.IO.FileInfo]$x", """{"type":"string","description":"The path of a file."}""")]
    [InlineData("[DayOfWeek]$x", """{"type":"string","enum":["Sunday","Monday","Tuesday","Wednesday","Thursday","Friday","Saturday"]}""")]
    [InlineData("[System.Threading.Tasks.TaskCreationOptions]$x", """{"type":"array","items":{"type":"string","enum":["None","PreferFairness","LongRunning","AttachedToParent","DenyChildAttach","HideScheduler","RunContinuationsAsynchronously"]}}""")]
    [InlineData("[Nullable[int]]$x", """{"type":["integer","null"]}""")]
    [InlineData("[Nullable[DayOfWeek]][ValidateSet('Sunday')]$x", """{"type":["string","null"],"enum":["Sunday",null]}""")]
    [InlineData("[string[]]$x", """{"type":"array","items":{"type":"string"}}""")]
    [InlineData("[int[][]]$x", """{"type":"array","items":{"type":"array","items":{"type":"integer"}}}""")]
    [InlineData("[array]$x", """{"type":"array","items":{}}""")]
    [InlineData("[System.Collections.Generic.List[double]]$x", """{"type":"array","items":{"type":"number"}}""")]
    [InlineData("[System.Collections.Generic.HashSet[string]]$x", """{"type":"array","items":{"type":"string"}}""")]
    [InlineData("[hashtable]$x", """{"type":"object"}""")]
    [InlineData("[System.Collections.IDictionary]$x", """{"type":"object"}""")]
    [InlineData("[System.Collections.Generic.Dictionary[string,int]]$x", """{"type":"object","additionalProperties":{"type":"integer"}}""")]
    [InlineData("[ValidateSet('a','b')][string]$x", """{"type":"string","enum":["a","b"]}""")]
    [InlineData("[ValidateSet('a','b')][string[]]$x", """{"type":"array","items":{"type":"string","enum":["a","b"]}}""")]
    [InlineData("[ValidateSet(1,2)][int]$x", """{"type":"integer","enum":[1,2]}""")]
    [InlineData("[ValidatePattern('^a+$')][string]$x", """{"type":"string","pattern":"^a\u002B$"}""")]
    [InlineData("[ValidatePattern('(?i)^a$')][string]$x", """{"type":"string","description":"Matches the regular expression (?i)^a$"}""")]
    [InlineData("[ValidateRange(1,5)][int]$x", """{"type":"integer","minimum":1,"maximum":5}""")]
    [InlineData("[ValidateRange(0.5,1.5)][double]$x", """{"type":"number","minimum":0.5,"maximum":1.5}""")]
    [InlineData("[ValidateRange('Positive')][int]$x", """{"type":"integer","minimum":1}""")]
    [InlineData("[ValidateRange('Positive')][double]$x", """{"type":"number","exclusiveMinimum":0}""")]
    [InlineData("[ValidateRange('NonNegative')][int]$x", """{"type":"integer","minimum":0}""")]
    [InlineData("[ValidateRange('Negative')][int]$x", """{"type":"integer","maximum":-1}""")]
    [InlineData("[ValidateRange('NonPositive')][double]$x", """{"type":"number","maximum":0}""")]
    [InlineData("[ValidateRange(1,5)][int[]]$x", """{"type":"array","items":{"type":"integer","minimum":1,"maximum":5}}""")]
    [InlineData("[ValidateLength(2,4)][string]$x", """{"type":"string","minLength":2,"maxLength":4}""")]
    [InlineData("[ValidateCount(1,3)][string[]]$x", """{"type":"array","items":{"type":"string"},"minItems":1,"maxItems":3}""")]
    [InlineData("[ValidateNotNullOrEmpty()][string]$x", """{"type":"string","minLength":1}""")]
    [InlineData("[ValidateNotNullOrWhiteSpace()][string]$x", """{"type":"string","minLength":1}""")]
    [InlineData("[ValidateNotNullOrEmpty()][int[]]$x", """{"type":"array","items":{"type":"integer"},"minItems":1}""")]
    [InlineData("[AllowNull()][string]$x", """{"type":["string","null"]}""")]
    [InlineData("[Parameter(HelpMessage='For what')][string]$x", """{"type":"string","description":"For what"}""")]
    [InlineData("[int]$x = 7", """{"type":"integer","default":7}""")]
    [InlineData("[string]$x = 'a'", """{"type":"string","default":"a"}""")]
    [InlineData("[bool]$x = $true", """{"type":"boolean","default":true}""")]
    [InlineData("[string]$x = (Get-Date)", """{"type":"string"}""")]
    [InlineData("[string]$x = \"$HOME\"", """{"type":"string"}""")]
    [InlineData("[Point]$x", """{"type":"object","properties":{"X":{"type":"integer"},"Name":{"type":"string","enum":["a","b"]},"Next":{"type":"object"},"All":{"type":"array","items":{"type":"object"}}},"required":["X"],"additionalProperties":false}""")]
    public void A_parameter_becomes_a_schema(string declaration, string expected)
    {
        Engine.Run("class Point { [Parameter(Mandatory)][int]$X; [ValidateSet('a','b')][string]$Name; [Point]$Next; [Point[]]$All; hidden [int]$Secret; static [int]$Count }").WithoutErrors();

        JsonNode schema = SchemaOf($"param({declaration})");

        Assert.Equal(Text("""{"type":"object","properties":{"x":""" + expected + "}}"), schema.ToJsonString());
    }

    [Theory]
    [InlineData("[scriptblock]$x")]
    [InlineData("[pscredential]$x")]
    [InlineData("[securestring]$x")]
    [InlineData("[System.IO.Stream]$x")]
    [InlineData("[System.IO.StreamWriter]$x")]
    [InlineData("[System.Diagnostics.Process[]]$x")]
    [InlineData("[type]$x")]
    [InlineData("[System.Collections.Generic.Dictionary[int,int]]$x")]
    public void What_no_JSON_becomes_is_left_out_and_an_error_where_it_is_mandatory(string declaration)
    {
        var tool = Engine.One<OpiToolSchema>($"Get-OpiToolSchema @{{ T = {{ param({declaration}, [int]$y) }} }}");

        Assert.Equal(["x"], tool.LeftOut);
        Assert.Equal(["y"], tool.Parameter);
        Assert.Contains("nothing in JSON becomes a", Error($"@{{ T = {{ param([Parameter(Mandatory)]{declaration}) }} }}"), StringComparison.Ordinal);
    }

    [Fact]
    public void Common_hidden_and_dynamic_parameters_are_left_out()
    {
        Engine.Run("""
            function Do-It {
                [CmdletBinding(SupportsShouldProcess, DefaultParameterSetName = 'B')]
                param([Parameter(Mandatory, ParameterSetName = 'A')][int]$OnlyA, [Parameter(Mandatory, ParameterSetName = 'B')][int]$OnlyB,
                    [Parameter(DontShow)][int]$Hidden, [string]$Both)
            }
            function Do-Simple($Debug, $Verbose) { }
            """).WithoutErrors();

        Assert.Equal("OnlyB,Both", Parameters("Do-It"));
        Assert.Equal("OnlyA,Both", Parameters("@{ Command = 'Do-It'; ParameterSet = 'a' }"));
        Assert.Equal("Debug,Verbose", Parameters("Do-Simple"));
        Assert.Equal("Both", Parameters("@{ Command = 'Do-It'; Exclude = 'Only*'; Fixed = @{ OnlyB = 1 } }"));
        Assert.Equal("OnlyB", Parameters("@{ Command = 'Do-It'; Include = 'OnlyB' }"));
    }

    [Fact]
    public void The_help_of_the_command_describes_it()
    {
        Engine.Run("""
            function Get-Thing {
            <#
            .SYNOPSIS
            Gets a thing.
            .DESCRIPTION
            Gets a thing
            from there.
            .PARAMETER Name
            The name
            of it.
            #>
            param([Parameter(HelpMessage = 'not this')][string]$Name, [Parameter(HelpMessage = 'this')][string]$Other) }
            """).WithoutErrors();

        var tool = Engine.One<OpiToolSchema>("Get-OpiToolSchema Get-Thing");
        JsonNode schema = JsonNode.Parse(tool.Schema)!;

        Assert.Equal("Gets a thing.\n\nGets a thing from there.", tool.Description);
        Assert.Equal("The name of it.", (string?)schema["properties"]!["Name"]!["description"]);
        Assert.Equal("this", (string?)schema["properties"]!["Other"]!["description"]);
        Assert.Equal("mine", Engine.One<OpiToolSchema>("Get-OpiToolSchema @{ Command = 'Get-Thing'; Description = 'mine' }").Description);
        Assert.Equal(1024, Engine.One<OpiToolSchema>($"function Get-Long {{\n<#\n.SYNOPSIS\n{new string('x', 3000)}\n#>\nparam() }}; Get-OpiToolSchema Get-Long").Description!.Length);
    }

    [Fact]
    public void A_strict_schema_has_all_properties_required_and_the_optional_ones_null()
    {
        Engine.Run("class Pair { [ValidateNotNullOrEmpty()][string]$A; [int]$B }").WithoutErrors();

        JsonNode schema = JsonNode.Parse(Engine.One<OpiToolSchema>(
            "Get-OpiToolSchema @{ T = { param([Parameter(Mandatory)][Pair]$P, [ValidateRange(1,9)][int]$N = 3, [ValidateSet('a','b')][string]$S, [uri]$U, [datetime]$D, [string[]]$L) } } -Strict").Schema)!;

        Assert.Equal(Text("""
            {"type":"object","properties":{
              "P":{"type":"object","properties":{"A":{"type":"string","description":"Characters: at least 1."},"B":{"type":["integer","null"]}},"required":["A","B"],"additionalProperties":false},
              "N":{"type":["integer","null"],"description":"At least 1. At most 9. Default: 3."},
              "S":{"type":["string","null"],"enum":["a","b",null]},
              "U":{"type":["string","null"],"description":"Format: uri."},
              "D":{"type":["string","null"],"format":"date-time"},
              "L":{"type":["array","null"],"items":{"type":"string"}}},
             "required":["P","N","S","U","D","L"],"additionalProperties":false}
            """), schema.ToJsonString());
        Assert.Contains("a strict schema names every member", Error("@{ T = { param([hashtable]$H) } } -Strict"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nothing-of-this-name", "there is no command of this name")]
    [InlineData("'Get-*'", "a name with wildcards")]
    [InlineData("./nowhere/*.ps1", "there is no script")]
    [InlineData("{ 1 }", "a script block has no name")]
    [InlineData("@{ T = 5 }", "is not a command, name, path or script block")]
    [InlineData("@{ T = $null }", "its value is null")]
    [InlineData("@{ Command = 'Get-Date'; Colour = 1 }", "'Colour' says nothing of a tool")]
    [InlineData("@{ Command = 'Get-Date'; Parallel = 'yes' }", "has to be $true or $false")]
    [InlineData("@{ Command = 'Get-Date'; Include = 'Nope' }", "it has no parameter 'Nope'")]
    [InlineData("@{ Command = 'Get-Date'; ParameterSet = 'Nope' }", "it has no parameter set 'Nope'")]
    [InlineData("@{ Command = 'Get-Date'; Fixed = @{ Nope = 1 } }", "it has no parameter 'Nope'")]
    [InlineData("@{ Command = 'Get-Item'; Exclude = 'Path' }", "it is mandatory and was left out")]
    [InlineData("Get-Date, get-date", "two tools have this name")]
    [InlineData("@{ 'a b' = { }; 'a_b' = { } }", "two tools have this name")]
    [InlineData("sh", "a program has no parameters")]
    public void What_is_not_a_tool_is_one_clear_error(string tool, string expected)
    {
        if (tool == "sh" && OperatingSystem.IsWindows())
        {
            tool = "cmd.exe";
        }

        Assert.Contains(expected, Error(tool), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Provider.Anthropic, "tools[].input_schema")]
    [InlineData(Provider.OpenAIChat, "tools[].function.parameters")]
    [InlineData(Provider.OpenAIResponses, "tools[].parameters")]
    [InlineData(Provider.Gemini, "tools[].functionDeclarations[].parameters")]
    [InlineData(Provider.Ollama, "tools[].function.parameters")]
    [InlineData(Provider.Bedrock, "toolConfig.tools[].toolSpec.inputSchema.json")]
    public void Each_provider_gets_schemas_in_which_the_right_arguments_are_valid_and_the_wrong_are_not(Provider provider, string path)
    {
        Engine.Run("""
            class Leg { [ValidateNotNullOrEmpty()][string]$From; [int]$Hours }
            function Get-Trip([Parameter(Mandatory)][string]$City, [ValidateRange(1, 9)][int]$Days, [ValidateSet('a', 'b')][string]$Kind, [Leg[]]$Legs, [Nullable[double]]$Cost) { }
            """).WithoutErrors();

        string json = Engine.One<string>($"Get-OpiToolSchema Get-Trip -As {provider} -AsJson");
        JsonElement schema = At(JsonDocument.Parse(json).RootElement, path);

        Assert.All(
            (string[])["""{"City":"x"}""", """{"City":"x","Days":9,"Kind":"b","Legs":[{"From":"y","Hours":2}],"Cost":1.5}""", """{"City":"x","Cost":null}"""],
            arguments => Assert.Null(SchemaCheck.Why(schema, JsonDocument.Parse(arguments).RootElement)));
        Assert.All(
            (string[])["{}", """{"City":1}""", """{"City":"x","Days":0}""", """{"City":"x","Days":1.5}""", """{"City":"x","Kind":"c"}""", """{"City":"x","Legs":[{"Hours":2}]}""", """{"City":"x","Legs":{}}""", """{"City":null}"""],
            arguments => Assert.NotNull(SchemaCheck.Why(schema, JsonDocument.Parse(arguments).RootElement)));
    }

    [Fact]
    public void A_context_has_the_tools()
    {
        NewSession();

        Assert.Equal("Get-Answer", Engine.One<string>("($s | Get-OpiContext -As Anthropic -Prompt hi -Tool @{ 'Get-Answer' = { 42 } }).tools[0].name"));
    }

    private static JsonElement At(JsonElement value, string path)
    {
        foreach (string part in path.Split('.'))
        {
            value = value.GetProperty(part.TrimEnd('[', ']'));
            value = part.EndsWith(']') ? value[0] : value;
        }

        return value;
    }

    private static string Text(string json) => JsonNode.Parse(json)!.ToJsonString();

    private JsonNode SchemaOf(string script) => JsonNode.Parse(Engine.One<OpiToolSchema>($"Get-OpiToolSchema @{{ T = {{ {script} }} }}").Schema)!;

    private string Parameters(string tool) => string.Join(',', Engine.One<OpiToolSchema>($"Get-OpiToolSchema {tool}").Parameter);

    private string Error(string tool) =>
        Engine.Run($"Get-OpiToolSchema {tool}").Error("InvalidTool,Opi.PowerShell.Commands.GetOpiToolSchemaCommand").Exception.Message;
}
