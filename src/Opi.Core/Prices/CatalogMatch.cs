namespace Opi;

/// <summary>Where a name leads to in the catalogue.</summary>
/// <param name="model">The entry.</param>
/// <param name="source">Whose price it is.</param>
/// <param name="spelling">The spelling of the name that met it.</param>
/// <param name="exactly">Whether it met one of its exact names.</param>
internal sealed class CatalogMatch(CatalogModel model, CostSource source, string spelling, bool exactly)
{
    public CatalogModel Model => model;

    /// <summary>Whose price it is: <see cref="CostSource.List"/> or <see cref="CostSource.Maker"/>.</summary>
    public CostSource Source => source;

    /// <summary>The match for people.</summary>
    public ModelMatch ToModelMatch() => new(
        $"{model.Provider}:{model.Id}",
        model.Origin?.ToString() ?? "",
        exactly ? $"equals '{spelling}'" : model.Rule?.Match(spelling, isModel: true)?.ToString() ?? "",
        spelling) { CostSource = source };
}
