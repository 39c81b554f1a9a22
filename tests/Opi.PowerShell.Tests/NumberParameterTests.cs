using System.Management.Automation;
using System.Reflection;

namespace Opi.PowerShell.Tests;

/// <summary>Parameters that take numbers: the shell takes 1,5 for 15, rounds 1.5 and reads 0x10, in a text too.</summary>
public sealed class NumberParameterTests : EngineTest
{
    private static readonly Type[] Numbers = [typeof(int), typeof(long), typeof(decimal)];

    public static TheoryData<string, string> Parameters
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (Type cmdlet in Conventions.Cmdlets)
            {
                foreach (PropertyInfo parameter in Conventions.ParametersOf(cmdlet).Where(parameter => Numbers.Contains(TypeOf(parameter))))
                {
                    data.Add(Conventions.NameOf(cmdlet), parameter.Name);
                }
            }

            return data;
        }
    }

    [Fact]
    public void There_are_such_parameters() => Assert.True(Parameters.Count >= 25);

    [Theory]
    [MemberData(nameof(Parameters))]
    public void Text_is_a_number_in_one_way_only(string cmdlet, string name)
    {
        PropertyInfo parameter = Conventions.Parameter(cmdlet, name);
        ArgumentTransformationAttribute reader = parameter.GetCustomAttributes<ArgumentTransformationAttribute>(inherit: true).Single();

        string[] refused =
        [
            "1,5", "1.234,5", "1,234", "1 234", "1'234", "1\u00A0234", "1\u202F234", "٢", "۲", "1٫5", "0x10", "1kb", "many", "-1", "NaN", "--1",
            "1 2",
        ];
        Assert.All(refused, text => Assert.Throws<ArgumentTransformationMetadataException>(() => reader.Transform(null, text)));
        Assert.Throws<ArgumentTransformationMetadataException>(() => reader.Transform(null, new object[] { 1, 5 }));
        Assert.Equal(12m, Convert.ToDecimal(reader.Transform(null, "12"), null));
        Assert.Equal(12m, Convert.ToDecimal(reader.Transform(null, 12), null));
        if (TypeOf(parameter) == typeof(decimal))
        {
            Assert.Equal(1.5m, reader.Transform(null, "1.5"));
            Assert.Equal(0.1m, reader.Transform(null, 0.1));
        }
        else
        {
            Assert.All(
                new object[] { "1.5", 1.5, 0.5m, "1e3" },
                value => Assert.Throws<ArgumentTransformationMetadataException>(() => reader.Transform(null, value)));
        }
    }

    [Theory]
    [InlineData("'1,5'")]
    [InlineData("1,5")]
    [InlineData("'0,50'")]
    [InlineData("''")]
    [InlineData("$null")]
    [InlineData("-1")]
    [InlineData("1e20")]
    public void A_budget_that_is_not_an_amount_is_refused(string budget) =>
        Engine.Run($"Get-OpiCost -Folder $folder -Period Day -Budget {budget}").BindingError("Budget");

    [Theory]
    [InlineData("de-DE")]
    [InlineData("en-US")]
    [InlineData("fa-IR")]
    public void A_budget_is_the_same_in_every_culture(string culture)
    {
        NewSession(turns: 1);

        Assert.Equal(1.5m, Engine.One<decimal>($"[cultureinfo]::CurrentCulture = '{culture}'; (Get-OpiCost $s -Budget '1.5').Budget"));
    }

    private static Type TypeOf(PropertyInfo parameter) => Nullable.GetUnderlyingType(parameter.PropertyType) ?? parameter.PropertyType;
}
