namespace Opi;

/// <summary>A model named as <c>provider:model</c>, the form that opi uses.</summary>
internal static class ModelName
{
    /// <summary>The parts around the first colon; without a colon the whole text is the model and the provider is empty.</summary>
    public static (string Provider, string Model) Split(string? spec)
    {
        if (string.IsNullOrEmpty(spec))
        {
            return ("", "");
        }

        int colon = spec.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? ("", spec) : (spec[..colon], spec[(colon + 1)..]);
    }

    /// <summary>The parts as one text; null when both are empty.</summary>
    public static string? Join(string provider, string model) =>
        (provider.Length, model.Length) switch
        {
            (0, 0) => null,
            (0, _) => model,
            _ => $"{provider}:{model}",
        };
}
