namespace Opi;

/// <summary>Which models are asked for: each pattern is of the model's name or of <c>provider:model</c>.</summary>
internal sealed class ModelFilter
{
    private readonly Wildcard[] _patterns;

    /// <summary>Reads the patterns.</summary>
    /// <param name="patterns">The patterns, as <see cref="Wildcard"/> has them; none for every model.</param>
    /// <exception cref="InvalidWildcardException">One cannot be read.</exception>
    public ModelFilter(IReadOnlyList<string> patterns)
    {
        ArgumentNullException.ThrowIfNull(patterns);
        _patterns = [.. patterns.Select(pattern => new Wildcard(pattern))];
    }

    /// <summary>Whether a model is asked for. One that is not known has an empty name, which * takes.</summary>
    /// <param name="provider">The provider; null when not known.</param>
    /// <param name="model">The model; null when not known.</param>
    public bool Takes(string? provider, string? model)
    {
        if (_patterns.Length == 0)
        {
            return true;
        }

        string spec = string.IsNullOrEmpty(model) ? "" : ModelName.Join(provider ?? "", model)!;
        return Array.Exists(_patterns, pattern => pattern.IsMatch(model ?? "") || pattern.IsMatch(spec));
    }
}
