using System.Collections.ObjectModel;

namespace Opi;

/// <summary>A list that is a text too: its items with commas between them. A CSV file then has these, and not the name of a type.</summary>
internal sealed class TextList<T>(IEnumerable<T> items) : ReadOnlyCollection<T>([.. items])
{
    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", this);
}
