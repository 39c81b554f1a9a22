using System.Text.Json;

namespace Opi.Tests;

/// <summary>The text that carries a cost through a file of any culture.</summary>
public sealed class UsageBillTests
{
    [Fact]
    public void A_row_without_a_cost_and_without_details_has_no_bill() => Assert.Null(new OpiUsage { InputTokens = 5, TotalTokens = 5 }.Bill);

    [Fact]
    public void A_cost_is_a_number_of_JSON() => Assert.Equal("""{"cost":0.0026}""", new OpiUsage { Cost = 0.0026m }.Bill);

    [Fact]
    public void The_raw_usage_of_the_provider_stays_in_the_log()
    {
        OpiUsage row = new() { Cost = 1, Billing = new BillingDetails(ServiceTier.Batch) { Raw = """{"a":1}""" } };

        Assert.Equal("""{"cost":1,"billing":{"tier":"Batch"}}""", row.Bill);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("{", "")]
    [InlineData("[]", "")]
    [InlineData("""{"cost":"1,5"}""", "")]
    [InlineData("""{"cost":1} x""", "")]
    [InlineData("""{"price":1}""", "price")]
    public void A_damaged_bill_is_refused(string bill, string names) =>
        Assert.Contains(names, Assert.Throws<FormatException>(() => new OpiUsage().WithBill(bill)).Message, StringComparison.Ordinal);

    [Fact]
    public void Every_bill_comes_back_as_it_was()
    {
        var random = new Random(11);
        for (int i = 0; i < 2_000; i++)
        {
            OpiUsage row = new()
            {
                Cost = Maybe(Money),
                LoggedCost = Maybe(Money),
                Billing = random.Next(3) == 0 ? null : new BillingDetails((ServiceTier)random.Next(6), random.Next(3))
                {
                    UsInference = random.Next(2) == 0,
                    Fees = random.Next(2) == 0 ? [] : [new BilledFee("x_search", random.Next(9)), new BilledFee("größe;\"'", 1)],
                    Passes = random.Next(2) == 0
                        ? []
                        : [new UsagePass("advisor_message", random.Next(2) == 0 ? null : "claude-opus-4-5", random.Next(9), random.Next(9), 3, 4, 1)],
                    StatedCost = Maybe(Money),
                    Unknown = random.Next(2) == 0 ? [] : ["tokens=5", "a,b"],
                    ContextTokens = random.Next(2) == 0 ? null : random.Next(),
                },
            };

            OpiUsage back = row.Bill is { } bill ? new OpiUsage().WithBill(bill) : new OpiUsage();

            Assert.Equal((row.Cost, row.LoggedCost), (back.Cost, back.LoggedCost));
            Assert.Equal(row.Billing == new BillingDetails() ? null : row.Billing, back.Billing);
            if (row.Bill is { } text)
            {
                JsonDocument.Parse(text).Dispose();
            }
        }

        decimal? Maybe(Func<decimal> make) => random.Next(2) == 0 ? null : make();
        decimal Money() => new(random.Next(), random.Next(), random.Next(4), false, (byte)random.Next(29));
    }
}
