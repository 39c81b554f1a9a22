using System.Text.RegularExpressions;

namespace Opi;

/// <summary>
/// Who a request goes to: the one rule for what is a provider's own. azure is not openai, and vertex is not anthropic, though they speak the
/// same protocol: none can read what the other signed or encrypted.
/// </summary>
internal sealed partial class RequestTarget
{
    private const string Latest = "latest";

    /// <summary>What tells the models of one maker apart: none of them answers for another of these.</summary>
    private static readonly string[] Sizes =
    [
        "opus", "sonnet", "haiku", "fable", "mythos", "pro", "flash", "lite", "mini", "nano", "micro", "codex", "large", "medium", "small",
    ];

    /// <summary>How the names of makers' models begin.</summary>
    private static readonly string[] Families =
    [
        "claude", "gpt", "chatgpt", "codex", "o1", "o3", "o4", "gemini", "gemma", "nova", "titan", "grok", "llama", "mistral", "ministral",
        "magistral", "codestral", "devstral", "pixtral", "deepseek", "qwen", "kimi", "glm", "command", "sonar", "phi", "minimax", "jamba",
    ];

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

    /// <summary>The model, without its provider; empty when not known.</summary>
    public string Model => _model;

    /// <summary>Whether an answer is the target's own.</summary>
    public bool Made(AssistantMessage answer) =>
        Speaks(answer.Provider)
            && (answer.Provider.Length == 0 || answer.Provider == _provider || ModelName.Split(answer.AskedModel).Provider == _provider);

    /// <summary>Whether the target's model made an answer: it names that model, or the target's model was asked and may have answered so.</summary>
    public bool SameModel(AssistantMessage answer) =>
        Made(answer) && (_model.Length == 0 || answer.Model.Length == 0 || AreOneModel(_model, answer.Model) || AnsweredFor(answer));

    /// <summary>Whether an answer names a model of a provider.</summary>
    public static bool IsNamed(AssistantMessage answer, string provider, string model) =>
        answer.Provider == provider && AreOneModel(model, answer.Model);

    /// <summary>
    /// Whether two names mean one model. The reply may have another name than the request: with a date or a version after it
    /// (claude-sonnet-4-5-20250929), with its maker before it, or the model that a name such as gemini-flash-latest means today. A name
    /// without a family's name was given by the user (a deployment at Azure): it means the model that answers.
    /// </summary>
    internal static bool AreOneModel(string asked, string answered)
    {
        string[] one = Words(asked), other = Words(answered);
        return HaveSameWords(one, other)
            || FamilyOf(one) is null
            || (asked.EndsWith(Latest, StringComparison.OrdinalIgnoreCase) && Array.TrueForAll(one, word => other.Contains(word)))
            || (answered.EndsWith(Latest, StringComparison.OrdinalIgnoreCase) && Array.TrueForAll(other, word => one.Contains(word)));
    }

    /// <summary>Whether names have the same words in any order, and the same numbers in theirs: gpt-4.5 is not gpt-5.4.</summary>
    private static bool HaveSameWords(string[] one, string[] other) =>
        one.Order(StringComparer.Ordinal).SequenceEqual(other.Order(StringComparer.Ordinal))
            && one.Where(IsNumber).SequenceEqual(other.Where(IsNumber));

    private static bool IsNumber(string word) => word.All(char.IsAsciiDigit);

    /// <summary>
    /// Whether the answer came for the target's model under another name: the model was the session's when the answer was added, both are
    /// of one family, and their names do not contradict each other.
    /// </summary>
    private bool AnsweredFor(AssistantMessage answer)
    {
        (string provider, string asked) = ModelName.Split(answer.AskedModel);
        if (provider != _provider || asked.Length == 0 || !AreOneModel(_model, asked))
        {
            return false;
        }

        string[] one = Words(asked), other = Words(answer.Model);
        string[] size = [.. one.Intersect(Sizes)], answeredSize = [.. other.Intersect(Sizes)];
        return FamilyOf(one) == FamilyOf(other)
            && (size.Length == 0 || answeredSize.Length == 0 || size.ToHashSet().SetEquals(answeredSize));
    }

    private static string? FamilyOf(string[] words) =>
        words.Select(word => Array.Find(Families, family => word.StartsWith(family, StringComparison.Ordinal)))
            .FirstOrDefault(family => family is not null);

    /// <summary>The words of a model's name, without its maker, its date, its version, and how it is served (:free, .gguf).</summary>
    private static string[] Words(string name)
    {
        string last = name[(name.LastIndexOfAny(['/']) + 1)..].ToLowerInvariant();
        foreach (string maker in (string[])["anthropic.", "amazon.", "meta.", "openai.", "deepseek."])
        {
            int at = last.IndexOf(maker, StringComparison.Ordinal);
            last = at >= 0 ? last[(at + maker.Length)..] : last;
        }

        string[] words = Ending().Replace(Served().Replace(last, "").Replace('.', '-'), "").Split(['-', '@'], StringSplitOptions.RemoveEmptyEntries);
        return words is [.. var before, "0"] && before.Length > 1 ? before : words; // claude-sonnet-4-0 is claude-sonnet-4
    }

    /// <summary>How a model is served, behind its name.</summary>
    [GeneratedRegex(@"(?::(?:free|nitro|floor|online|exacto|beta|extended|groq|cerebras|together|novita|fireworks-ai|nebius|latest)|\.gguf)+$")]
    private static partial Regex Served();

    /// <summary>What may follow the name of a model: dates, versions, and "latest".</summary>
    [GeneratedRegex(
        @"(?:[-@](?:latest|preview|exp|v\d+(?::\d+)?|\d{4}-\d{2}-\d{2}|\d{2}-\d{4}|\d{2}-\d{2}|\d{8}|\d{4}|\d{3}))+$")]
    private static partial Regex Ending();

    /// <summary>Whether a provider may speak the shape's protocol. Only of those who answer in their own name it is known that they do not.</summary>
    private bool Speaks(string provider) => provider == _shape.Name || !ProviderReply.IsKnownName(provider) || AreOne(provider, _shape.Name);

    private static bool AreOne(string one, string other) => (one, other) is ("google", "gemini") or ("gemini", "google");
}
