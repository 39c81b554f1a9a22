using System.Globalization;

namespace Opi;

/// <summary>A section of a digest: what it names.</summary>
/// <param name="Name">Its heading, for example <c>Files changed</c>.</param>
/// <param name="Items">How many items it has.</param>
/// <param name="LeftOut">How many older ones had no room any more, in this digest and in those before it.</param>
public sealed record OpiDigestSection(string Name, int Items, int LeftOut)
{
    /// <summary>For example <c>Errors met: 3 (12 left out)</c>.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Name}: {Items}{(LeftOut > 0 ? $" ({LeftOut} left out)" : "")}");
}
