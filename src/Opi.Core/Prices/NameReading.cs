namespace Opi;

/// <summary>One way to read a model's name.</summary>
/// <param name="provider">Whose model it would be.</param>
/// <param name="name">Its name there, in lower case.</param>
/// <param name="source">Whose price that would be.</param>
internal sealed class NameReading(CatalogProvider provider, string name, CostSource source)
{
    /// <summary>Whose model it would be.</summary>
    public CatalogProvider Provider => provider;

    /// <summary>Its name there, in lower case.</summary>
    public string Name => name;

    /// <summary>Whose price that would be: <see cref="CostSource.List"/> or <see cref="CostSource.Maker"/>.</summary>
    public CostSource Source => source;
}
