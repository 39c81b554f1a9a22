using System.Text.Json;

namespace Opi.CatalogTool;

/// <summary>Whether every model of a list has a price in the catalogue, or a reason for having none.</summary>
internal static class Coverage
{
    /// <summary>Says so, and names the models that have neither.</summary>
    /// <returns>Whether all have one.</returns>
    public static bool Report(JsonElement root, Catalog catalog, Additions additions)
    {
        if (NamedPrices.KindOf(root) is not { } kind)
        {
            return true;
        }

        int priced = 0;
        int excused = 0;
        var neither = new List<string>();
        foreach (ListedModel model in NamedPrices.Read(root, new EntryReader(strict: false)))
        {
            if (catalog.Find(model.Provider, model.Name)?.Model.Prices.Count > 0)
            {
                priced++;
            }
            else if (additions.ReasonFor(model.Provider, model.Name) is not null)
            {
                excused++;
            }
            else
            {
                neither.Add($"{model.Provider}:{model.Name}");
            }
        }

        Console.WriteLine($"{kind}: {priced} models have a price, {excused} a reason for having none, {neither.Count} neither");
        neither.ForEach(name => Console.WriteLine($"no price and no reason: {name}"));
        return neither.Count == 0;
    }
}
