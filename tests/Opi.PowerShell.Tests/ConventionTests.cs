using Opi.Tests;
using System.Management.Automation;
using System.Reflection;
using System.Text.RegularExpressions;
using Opi.PowerShell.Commands;

namespace Opi.PowerShell.Tests;

/// <summary>What the cmdlets of the module have in common.</summary>
internal static class Conventions
{
    public static IReadOnlyList<Type> Cmdlets { get; } =
        [.. typeof(AddOpiTurnCommand).Assembly.GetTypes().Where(type => type.GetCustomAttribute<CmdletAttribute>() is not null)];

    public static CmdletAttribute About(Type cmdlet) => cmdlet.GetCustomAttribute<CmdletAttribute>()!;

    public static string NameOf(Type cmdlet) => $"{About(cmdlet).VerbName}-{About(cmdlet).NounName}";

    public static PropertyInfo Parameter(string cmdlet, string name) =>
        ParametersOf(Cmdlets.Single(type => NameOf(type) == cmdlet)).Single(parameter => parameter.Name == name);

    public static IEnumerable<PropertyInfo> ParametersOf(Type cmdlet) =>
        cmdlet.GetProperties().Where(property => property.IsDefined(typeof(ParameterAttribute)));
}

public sealed class ConventionTests
{
    private static readonly string[] Writers = [
        "Add-OpiTurn", "Copy-OpiSession", "Export-OpiReport", "Export-OpiSession", "Import-OpiPricing", "Invoke-OpiCompaction", "Invoke-OpiTurn", "New-OpiSession", "Remove-OpiSession", "Repair-OpiSession", "Resume-OpiSession",
        "Set-OpiPricing", "Set-OpiSession", "Switch-OpiBranch", "Update-OpiLedger",
    ];

    public static TheoryData<Type> Cmdlets => [.. Conventions.Cmdlets];

    [Fact]
    public void There_are_cmdlets() => Assert.True(Conventions.Cmdlets.Count >= 19);

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void A_cmdlet_is_named_as_PowerShell_asks(Type cmdlet)
    {
        IEnumerable<string> verbs = typeof(VerbsCommon).Assembly.GetExportedTypes()
            .Where(type => type.Name.StartsWith("Verbs", StringComparison.Ordinal) && type.IsAbstract && type.IsSealed)
            .SelectMany(type => type.GetFields(BindingFlags.Public | BindingFlags.Static))
            .Select(field => (string)field.GetRawConstantValue()!);

        Assert.Contains(Conventions.About(cmdlet).VerbName, verbs);
        Assert.Matches("^Opi([A-Z][a-z]+){1,2}$", Conventions.About(cmdlet).NounName);
        Assert.False(Conventions.About(cmdlet).NounName.EndsWith('s'), "a plural");
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void A_cmdlet_is_a_public_sealed_class_in_a_file_of_its_own(Type cmdlet)
    {
        string expected = Conventions.NameOf(cmdlet).Replace("-", "", StringComparison.Ordinal) + "Command";

        Assert.True(cmdlet is { IsPublic: true, IsSealed: true });
        Assert.Equal(("Opi.PowerShell.Commands", expected), (cmdlet.Namespace, cmdlet.Name));
        string source = SharedText.ReadAllText(Path.Combine(Repository.Root, "src", "Opi.PowerShell", "Commands", expected + ".cs"));
        Assert.Single(Regex.Matches(source, @"\[Cmdlet\("));
        Assert.Contains($"class {expected} ", source, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void A_cmdlet_says_what_it_gives(Type cmdlet) => Assert.NotEmpty(cmdlet.GetCustomAttributes<OutputTypeAttribute>());

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void A_cmdlet_that_writes_asks_first(Type cmdlet) =>
        Assert.Equal(Writers.Contains(Conventions.NameOf(cmdlet)), Conventions.About(cmdlet).SupportsShouldProcess);

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void A_session_is_taken_in_the_same_way_everywhere(Type cmdlet)
    {
        if (cmdlet.GetProperty("Session") is not { } session)
        {
            Assert.Contains(Conventions.NameOf(cmdlet), new[] { "Assert-OpiBudget", "ConvertTo-OpiMessage", "Export-OpiReport", "Get-OpiPricing", "Get-OpiToolSchema", "Get-OpiUsage", "New-OpiCompactionPolicy", "New-OpiMessage", "New-OpiSession", "Import-OpiPricing", "Set-OpiPricing", "Update-OpiLedger" });
            return;
        }

        Assert.All(session.GetCustomAttributes<ParameterAttribute>(), parameter =>
            Assert.True(parameter is { ValueFromPipeline: true, ValueFromPipelineByPropertyName: true }
                && (parameter.Position == 0 || Conventions.NameOf(cmdlet) == "Search-OpiSession"))); // its first place is that of the text
        // An export's -Path is the file that it writes, as with all Export cmdlets.
        string[] names = Conventions.About(cmdlet).VerbName == VerbsData.Export ? ["Id", "SessionId"] : ["Id", "Path", "SessionId"];
        Assert.Equal(names, session.GetCustomAttribute<AliasAttribute>()!.AliasNames.Order());
        Assert.True(session.IsDefined(typeof(ArgumentCompleterAttribute)));
        Assert.Equal(typeof(string), cmdlet.GetProperty("Folder")!.PropertyType);
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void A_model_is_completed_everywhere(Type cmdlet) =>
        Assert.All(Conventions.ParametersOf(cmdlet).Where(parameter => parameter.Name == "Model"), parameter =>
            Assert.True(parameter.IsDefined(typeof(ArgumentCompleterAttribute))));

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void No_parameter_is_read_by_culture_or_by_the_shells_conversions(Type cmdlet) =>
        Assert.All(Conventions.ParametersOf(cmdlet), parameter =>
        {
            Type type = parameter.PropertyType.GetElementType() ?? Nullable.GetUnderlyingType(parameter.PropertyType) ?? parameter.PropertyType;
            string? reader = type.IsEnum ? parameter.PropertyType.IsArray ? "Names`1" : "Name`1"
                : type == typeof(DateTime) || type == typeof(DateTimeOffset) ? "IsoTime"
                : type == typeof(TimeReference) ? "TimeTransformation"
                : type == typeof(TimeZoneInfo) ? "TimeZoneTransformation"
                : type == typeof(decimal) ? "Amount Price"
                : type.IsPrimitive && type != typeof(bool) ? "Count ContextWindow"
                : null;
            string[] attributes = [.. parameter.GetCustomAttributes().Select(attribute => attribute.GetType().Name.Replace("Attribute", "", StringComparison.Ordinal))];
            Assert.True(reader is null || reader.Split(' ').Intersect(attributes).Any(), $"{parameter.Name} needs {reader}");
        });

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void A_span_of_time_is_taken_in_the_same_way_everywhere(Type cmdlet)
    {
        PropertyInfo[] parameters = [.. Conventions.ParametersOf(cmdlet)];
        if (parameters.Any(parameter => parameter.Name is "Since" or "Until"))
        {
            Assert.All(["Since", "Until"], name => Assert.Equal(typeof(TimeReference), Assert.Single(parameters, parameter => parameter.Name == name).PropertyType));
            Assert.Contains(parameters, parameter => parameter.Name == "TimeZone");
        }
    }

    [Theory]
    [InlineData("Folder", "Remove-OpiSession Search-OpiSession")]
    [InlineData("TimeoutSec", "Invoke-OpiTurn Resume-OpiSession Update-OpiLedger")] // of a request, none by default, of the ledger
    [InlineData("NoLock", "")]
    [InlineData("Since", "")]
    [InlineData("Until", "")]
    [InlineData("Machine", "Update-OpiLedger")] // a name, not a pattern
    [InlineData("User", "Update-OpiLedger Add-OpiTurn New-OpiMessage")] // a name; what the user said
    [InlineData("TimeZone", "")]
    [InlineData("CostFrom", "")]
    [InlineData("LogPath", "")]
    [InlineData("Force", "")]
    [InlineData("NoClobber", "")]
    public void A_parameter_is_read_in_the_same_way_wherever_it_is_declared(string name, string others)
    {
        string[] readings =
        [
            .. from cmdlet in Conventions.Cmdlets
               where !others.Split(' ').Contains(Conventions.NameOf(cmdlet))
               from parameter in Conventions.ParametersOf(cmdlet)
               where parameter.Name == name
               select $"{parameter.PropertyType} {string.Join(' ', parameter.CustomAttributes.Where(IsReading).Select(attribute => attribute.ToString()).Order())}",
        ];

        Assert.True(readings.Length > 1, "one cmdlet has it only");
        Assert.Equal([readings[0]], readings.Distinct());

        static bool IsReading(CustomAttributeData attribute) =>
            attribute.AttributeType != typeof(ParameterAttribute) && attribute.AttributeType.Namespace is not ("System.Runtime.CompilerServices" or "System.Diagnostics.CodeAnalysis");
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void A_source_is_taken_in_the_same_way_everywhere(Type cmdlet) =>
        Assert.All(Conventions.ParametersOf(cmdlet).Where(parameter => parameter.Name == "Source"), parameter =>
        {
            Assert.Contains(parameter.GetCustomAttributes(), attribute => attribute.GetType().Name == "SourcesAttribute");
            Assert.True(parameter.IsDefined(typeof(ArgumentCompleterAttribute)));
        });

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Models_and_projects_that_rows_are_filtered_by_are_several_patterns(Type cmdlet)
    {
        if (cmdlet.GetProperty("Since") is not null)
        {
            Assert.All(
                Conventions.ParametersOf(cmdlet).Where(parameter => parameter.Name is "Model" or "Project"),
                parameter => Assert.Equal(
                    (typeof(string[]), true),
                    (parameter.PropertyType, parameter.GetCustomAttributes().Any(attribute => attribute.GetType().Name == "PatternsAttribute"))));
        }
    }

    /// <summary>ConvertTo-Json writes the name of an enum only where a number of JSON could not hold it: where it is based on Int64.</summary>
    [Fact]
    public void Enums_that_cmdlets_give_go_to_JSON_as_names()
    {
        var seen = new HashSet<Type>();
        var waiting = new Queue<Type>(Conventions.Cmdlets
            .SelectMany(cmdlet => cmdlet.GetCustomAttributes<OutputTypeAttribute>())
            .SelectMany(output => output.Type)
            .Select(output => output.Type)
            .OfType<Type>()
            .SelectMany(type => type.IsSealed ? [type] : type.Assembly.GetTypes().Where(type.IsAssignableFrom)));
        while (waiting.TryDequeue(out Type? type))
        {
            Type[] inside = [.. type.IsGenericType ? type.GetGenericArguments() : [], .. type.IsArray ? [type.GetElementType()!] : Type.EmptyTypes];
            IEnumerable<Type> members = type.Assembly == typeof(OpiUsage).Assembly ? type.GetProperties().Select(property => property.PropertyType) : [];
            foreach (Type found in inside.Concat(members).Append(type).Where(seen.Add))
            {
                waiting.Enqueue(found);
            }
        }

        Type[] enums = [.. seen.Where(type => type.IsEnum)];
        Assert.Contains(typeof(UsageSource), enums);
        Assert.Contains(typeof(StopReason), enums);
        Assert.All(enums, type => Assert.Equal(typeof(long), type.GetEnumUnderlyingType()));
    }
}
