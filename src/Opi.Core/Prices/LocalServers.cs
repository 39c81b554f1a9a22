using System.Text;

namespace Opi;

/// <summary>
/// The labels of servers that run on the user's own machine. Their tokens have no price: they cost 0, unless the environment variable
/// <c>OPI_LOCAL_COST</c> says that their cost is not known.
/// </summary>
internal static class LocalServers
{
    /// <summary>The setting: 0 or nothing for free; anything else, for example <c>unknown</c>, for not known.</summary>
    public const string Variable = "OPI_LOCAL_COST";

    /// <summary>What <see cref="ModelPricing.Source"/> says of them.</summary>
    public const string Source = "Local";

    private const string Ollama = "ollama";

    // These run on the machine that asks; the others do so only where their name says it.
    private static readonly string[] OnThisMachine = [Ollama, "llamacpp", "llamaserver", "lmstudio"];
    private static readonly string[] Others = ["vllm", "sglang", "localai", "llamafile", "gpustack", "textgenerationinference", "tgi"];
    private static readonly string[] Loopback = ["localhost", "127.", "::1", "0.0.0.0"];

    /// <summary>Whether the setting says that such servers are free.</summary>
    public static bool AreFree => OpiFolders.Variable(Variable) is null or "0";

    /// <summary>Whether a model runs on a server on this machine.</summary>
    /// <param name="label">The provider, as the log or the user names it.</param>
    /// <param name="model">The model: Ollama's cloud has its own.</param>
    public static bool IsLocal(string label, string model)
    {
        if (IsCloud(label, model))
        {
            return false;
        }

        foreach (string name in Loopback)
        {
            int at = label.IndexOf(name, StringComparison.OrdinalIgnoreCase);
            if (at == 0 || (at > 0 && !char.IsAsciiLetterOrDigit(label[at - 1]) && label[at - 1] != '.'))
            {
                return true;
            }
        }

        return Array.IndexOf(OnThisMachine, Plain(label)) >= 0;
    }

    /// <summary>Whether a label is of a server that people run themselves, wherever: its models do not cost what their makers ask for.</summary>
    public static bool IsOwnServer(string label)
    {
        string plain = Plain(label);
        return plain.StartsWith(Ollama, StringComparison.Ordinal) || Array.IndexOf(OnThisMachine, plain) >= 0
            || Array.IndexOf(Others, plain) >= 0 || IsLocal(label, "");
    }

    private static bool IsCloud(string label, string model) =>
        label.StartsWith(Ollama, StringComparison.OrdinalIgnoreCase)
        && (label.Length > Ollama.Length && Plain(label) != Ollama + "local"
            || model.EndsWith("-cloud", StringComparison.OrdinalIgnoreCase) || model.EndsWith(":cloud", StringComparison.OrdinalIgnoreCase));

    private static string Plain(string label)
    {
        var plain = new StringBuilder(label.Length);
        foreach (char c in label)
        {
            if (char.IsAsciiLetterOrDigit(c))
            {
                plain.Append(char.ToLowerInvariant(c));
            }
        }

        return plain.ToString();
    }
}
