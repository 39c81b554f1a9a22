using System.Text.Json;

namespace Opi;

/// <summary>The rates of a provider, as data. A value that is not in the table has no known price.</summary>
/// <param name="rates">The rows. A row for a server comes before the one for everybody.</param>
internal sealed class RateTable(params Rate[] rates)
{
    public IReadOnlyList<Rate> Rates => rates;

    /// <summary>Sets the rate of a bill by a member's value; nothing sets nothing.</summary>
    public void Apply(UsageBill bill, string member, JsonElement? value, string? server = null)
    {
        if (value is not { } given || UsageBill.IsNothing(given))
        {
            return;
        }

        string text = given.ValueKind == JsonValueKind.String ? given.GetString()! : given.GetRawText();
        Rate? rate = Find(server, text);
        if (rate is null)
        {
            bill.AddUnknown(member, given);
        }
        else if (rate.Value.WhyUnpriced is { } why)
        {
            bill.AddUnknown(member, $"{text} {why}");
        }

        bill.AddTier(rate?.Tier ?? ServiceTier.Other, member);
    }

    private Rate? Find(string? server, string value)
    {
        foreach (Rate rate in rates)
        {
            if ((rate.Server is null || rate.Server == server) && rate.Value.Equals(value, StringComparison.OrdinalIgnoreCase))
            {
                return rate;
            }
        }

        return null;
    }
}
