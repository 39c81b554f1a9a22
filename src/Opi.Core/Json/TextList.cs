using System.Collections.ObjectModel;

namespace Opi;

/// <summary>A list that is text where a text is asked for, as in a cell of a CSV file.</summary>
internal sealed class TextList<T>(IEnumerable<T> items) : ReadOnlyCollection<T>([.. items])
{
    /// <summary>The items with semicolons between them.</summary>
    public override string ToString() => string.Join("; ", this);
}
