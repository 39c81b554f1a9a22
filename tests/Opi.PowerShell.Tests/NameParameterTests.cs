using System.Management.Automation;
using System.Reflection;

namespace Opi.PowerShell.Tests;

/// <summary>Parameters that take names of enums: a text with commas never becomes a third value.</summary>
public sealed class NameParameterTests : EngineTest
{
    public static TheoryData<string, string> Parameters
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (Type cmdlet in Conventions.Cmdlets)
            {
                foreach (PropertyInfo parameter in Conventions.ParametersOf(cmdlet).Where(parameter => EnumOf(parameter) is not null))
                {
                    data.Add(Conventions.NameOf(cmdlet), parameter.Name);
                }
            }

            return data;
        }
    }

    [Fact]
    public void There_are_such_parameters() => Assert.True(Parameters.Count >= 20);

    [Theory]
    [MemberData(nameof(Parameters))]
    public void Comma_text_is_a_list_or_refused(string cmdlet, string name)
    {
        PropertyInfo parameter = Conventions.Parameter(cmdlet, name);
        Type type = EnumOf(parameter)!;
        ArgumentTransformationAttribute reader = parameter.GetCustomAttributes<ArgumentTransformationAttribute>(inherit: true).Single();
        string[] names = [.. Enum.GetNames(type).Take(2)];

        object One(string text) => reader.Transform(null, text) is var value && value is Array list ? list.Cast<object>().Single() : value;
        Assert.All(names, text => Assert.Equal(Enum.Parse(type, text), One(text)));
        Assert.Equal(Enum.Parse(type, names[0]), One(names[0].ToUpperInvariant()));
        string[] refused =
            [$"{names[0]},nonsense", "nonsense", "0", "1", "-1", ",", names[0] + ",", names[0] + "|" + names[1], names[0] + " " + names[1]];
        Assert.All(refused, text => AssertRefused(reader, text));
        AssertRefused(reader, 1);
        AssertRefused(reader, new PSObject(1));

        string both = string.Join(',', names);
        if (parameter.PropertyType.IsArray)
        {
            object[] expected = [.. names.Select(text => Enum.Parse(type, text))];
            object[] given = [both, string.Join(", ", names), names, new object[] { names[0], new PSObject(names[1]) }, expected, new[] { both }];
            Assert.All(given, value => Assert.Equal(expected, ((Array)reader.Transform(null, value)).Cast<object>()));
            Assert.Throws<ArgumentTransformationMetadataException>(() => reader.Transform(null, Array.Empty<string>()));
            Assert.Throws<ArgumentTransformationMetadataException>(() => reader.Transform(null, null));
        }
        else
        {
            string message = Assert.Throws<ArgumentTransformationMetadataException>(() => reader.Transform(null, both)).Message;
            Assert.Contains("Only one can be given", message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', message);
        }
    }

    [Fact]
    public void A_name_from_another_process_is_its_name()
    {
        NewSession(turns: 1);
        Engine.Set("copy", PSSerializer.Deserialize(PSSerializer.Serialize(EntryType.Message)));

        Assert.Equal(2, Engine.Run("Get-OpiEntry $s -Type $copy").WithoutErrors().Output.Count);
    }

    [Theory]
    [InlineData("Update-OpiLedger -Source Ledger", "Source")]
    [InlineData("Update-OpiLedger -Source 'Opi,Ledger'", "Source")]
    [InlineData("Get-OpiUsage -Source Claude", "Source")]
    [InlineData("Get-OpiUsage -Source ''", "Source")]
    [InlineData("Get-OpiUsage -Source $null", "Source")]
    [InlineData("Get-OpiUsage -Source @()", "Source")]
    [InlineData("Get-OpiUsage -Source 0", "Source")]
    [InlineData("Get-OpiCost -Budget 1 -Period ''", "Period")]
    [InlineData("Get-OpiCost -Budget 1 -Period $null", "Period")]
    public void What_is_not_a_name_is_refused(string script, string parameter) => Engine.Run(script).BindingError(parameter);

    [Theory]
    [InlineData("Opi, codex")]
    [InlineData("'Opi,Codex'")]
    [InlineData("'Codex', ([Opi.UsageSource]::Opi)")]
    public void Sources_are_a_list_or_a_text_with_commas(string sources)
    {
        File.WriteAllText(Path.Combine(Folder, "claude.jsonl"), ClaudeLog.Line("m"));
        NewSession(turns: 1);

        Assert.Equal([UsageSource.Opi], SourcesOf(sources));
        Assert.Equal([UsageSource.ClaudeCode, UsageSource.Opi], SourcesOf("all").Order().Reverse());

        IEnumerable<UsageSource> SourcesOf(string given) =>
            Engine.All<OpiUsage>($"Get-OpiUsage $folder -Source {given} -WarningAction SilentlyContinue").Select(row => row.Source).Distinct();
    }

    [Theory]
    [InlineData("Get-OpiUsage -Source ", "Opi", "Ledger", "All")]
    [InlineData("Get-OpiCost -Source O", "Opi", "OpenCode")]
    [InlineData("Export-OpiReport x -Source C", "ClaudeCode", "Codex")]
    public void Sources_are_completed(string line, params string[] expected) =>
        Assert.Empty(expected.Except(Engine.Complete(line).Select(found => found.CompletionText)));

    [Fact]
    public void Completion_offers_no_source_that_is_refused() =>
        Assert.DoesNotContain(Engine.Complete("Update-OpiLedger -Source "), found => found.CompletionText == "Ledger");

    private static Type? EnumOf(PropertyInfo parameter) =>
        (parameter.PropertyType.GetElementType() ?? Nullable.GetUnderlyingType(parameter.PropertyType) ?? parameter.PropertyType)
            is { IsEnum: true } type ? type : null;

    /// <summary>What is refused is an error of the transformation, or, where a reply by the pipe has such a member, a value that nothing converts.</summary>
    private static void AssertRefused(ArgumentTransformationAttribute reader, object value)
    {
        if (Record.Exception(() => Assert.IsType<Unconvertible>(reader.Transform(null, value))) is { } error)
        {
            Assert.IsType<ArgumentTransformationMetadataException>(error);
        }
    }
}
