using System.Text.RegularExpressions;

namespace Opi;

/// <summary>
/// Who a request goes to: the one rule for what is a provider's own. azure is not openai, and vertex is not anthropic, though they speak the
/// same protocol: none can read what the other signed or encrypted.
/// </summary>
internal sealed class RequestTarget
{
    private static readonly Regex Date = new(@"(?:-latest|[-@]\d{8}|-\d{4}-\d{2}-\d{2})$", RegexOptions.CultureInvariant);

    private readonly ProviderShape _shape;
    private readonly string _provider;
    private readonly string _model;

    /// <param name="shape">The protocol.</param>
    /// <param name="model">The model as <c>provider:model</c>; null for any of the shape's own provider.</param>
    public RequestTarget(ProviderShape shape, string? model)
    {
        _shape = shape;
        (string provider, string name) = ModelName.Split(model);
        bool speaks = provider.Length > 0 && Speaks(provider);
        _provider = speaks ? provider : shape.Name;
        _model = speaks ? name : "";
    }

    /// <summary>The name of who gets the request.</summary>
    public string Provider => _provider;

    /// <summary>Whether an answer is the target's own.</summary>
    public bool Made(AssistantMessage answer) => Speaks(answer.Provider) && (answer.Provider.Length == 0 || answer.Provider == _provider);

    /// <summary>Whether the target's model made an answer.</summary>
    public bool SameModel(AssistantMessage answer) =>
        Made(answer) && (_model.Length == 0 || answer.Model.Length == 0 || Undated(answer.Model) == Undated(_model));

    /// <summary>A model without its date: who asks for gpt-5 is answered by gpt-5-2025-08-07.</summary>
    private static string Undated(string model) => Date.Replace(model, "");

    /// <summary>Whether a provider may speak the shape's protocol. Only of those who answer in their own name it is known that they do not.</summary>
    private bool Speaks(string provider) => provider == _shape.Name || !ProviderReply.IsKnownName(provider) || AreOne(provider, _shape.Name);

    private static bool AreOne(string one, string other) => (one, other) is ("google", "gemini") or ("gemini", "google");
}
