namespace Opi;

/// <summary>Where data of a catalogue is from.</summary>
/// <param name="Name">The project.</param>
/// <param name="Version">The date of its data, as yyyy-MM-dd.</param>
/// <param name="Licence">The licence, and whose it is.</param>
internal sealed record CatalogSource(string Name, string Version, string Licence)
{
    public override string ToString() => $"{Name} {Version}";
}
