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

    public static IEnumerable<PropertyInfo> ParametersOf(Type cmdlet) =>
        cmdlet.GetProperties().Where(property => property.IsDefined(typeof(ParameterAttribute)));
}

public sealed class ConventionTests
{
    private static readonly string[] Writers = [
        "Add-OpiTurn", "Copy-OpiSession", "Export-OpiReport", "Export-OpiSession", "Import-OpiPricing", "Invoke-OpiCompaction", "New-OpiSession", "Remove-OpiSession", "Repair-OpiSession", "Resume-OpiSession",
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
        Assert.Matches("^Opi[A-Z][a-z]+$", Conventions.About(cmdlet).NounName);
        Assert.False(Conventions.About(cmdlet).NounName.EndsWith('s'), "a plural");
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void A_cmdlet_is_a_public_sealed_class_in_a_file_of_its_own(Type cmdlet)
    {
        string expected = Conventions.NameOf(cmdlet).Replace("-", "", StringComparison.Ordinal) + "Command";

        Assert.True(cmdlet is { IsPublic: true, IsSealed: true });
        Assert.Equal(("Opi.PowerShell.Commands", expected), (cmdlet.Namespace, cmdlet.Name));
        string source = File.ReadAllText(Path.Combine(Repository.Root, "src", "Opi.PowerShell", "Commands", expected + ".cs"));
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
            Assert.Contains(Conventions.NameOf(cmdlet), new[] { "Assert-OpiBudget", "ConvertTo-OpiMessage", "Export-OpiReport", "Get-OpiPricing", "Get-OpiUsage", "New-OpiMessage", "New-OpiSession", "Import-OpiPricing", "Set-OpiPricing", "Update-OpiLedger" });
            return;
        }

        Assert.All(session.GetCustomAttributes<ParameterAttribute>(), parameter =>
            Assert.True(parameter is { Position: 0, ValueFromPipeline: true, ValueFromPipelineByPropertyName: true }));
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

    [Fact]
    public void No_time_parameter_is_read_by_culture()
    {
        IEnumerable<PropertyInfo> times = Conventions.Cmdlets.SelectMany(Conventions.ParametersOf)
            .Where(parameter => (Nullable.GetUnderlyingType(parameter.PropertyType) ?? parameter.PropertyType) is { } type && (type == typeof(DateTime) || type == typeof(DateTimeOffset)));

        Assert.All(times, parameter => Assert.Contains(parameter.GetCustomAttributes(), attribute => attribute.GetType().Name == "IsoTimeAttribute"));
    }
}
