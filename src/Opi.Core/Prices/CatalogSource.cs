namespace Opi;

/// <summary>Where data of a catalogue is from.</summary>
/// <param name="Name">The project.</param>
/// <param name="Version">The version or date of its data.</param>
/// <param name="Licence">The licence, and whose it is.</param>
internal sealed record CatalogSource(string Name, string Version, string Licence)
{
    /// <summary>The name and the version.</summary>
    public override string ToString() => $"{Name} {Version}";
}
