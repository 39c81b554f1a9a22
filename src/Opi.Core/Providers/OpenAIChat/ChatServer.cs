using System.Security.Cryptography;
using System.Text;

namespace Opi;

/// <summary>What a server that speaks Chat Completions takes in a request beyond what all of them take.</summary>
internal sealed record ChatServer
{
    private const string Letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const int LettersOfId = 9;
    private static readonly ChatServer Unknown = new();
    private static readonly ChatServer OpenAI = new() { TakesSystem = true, Documents = ChatDocuments.File };
    private static readonly ChatServer WithDetails = new() { Thinking = ChatThinking.Details };
    private static readonly ChatServer WithText = new() { Thinking = ChatThinking.Text };

    /// <summary>The servers, by the names that they have in the model of a session.</summary>
    private static readonly Dictionary<string, ChatServer> Servers = new(StringComparer.OrdinalIgnoreCase)
    {
        ["openai"] = OpenAI,
        ["azure"] = OpenAI,
        ["openrouter"] = new()
        {
            Thinking = ChatThinking.Details,
            Documents = ChatDocuments.FileOrUrl,
            TakesImagesBack = true,
            TakesFilesBack = true,
        },
        ["snowflake"] = WithDetails,
        ["vercel"] = WithDetails,
        ["vercel-ai-gateway"] = WithDetails,
        ["vercel_ai_gateway"] = WithDetails,
        ["mistral"] = new()
        {
            Thinking = ChatThinking.Parts,
            Documents = ChatDocuments.DocumentUrl,
            MakesNineLetterIds = true,
            NeedsAnswerToResults = true,
        },
        ["deepseek"] = new() { Thinking = ChatThinking.TextWithCalls },
        ["moonshot"] = WithText,
        ["moonshotai"] = WithText,
        ["kimi"] = WithText,
        ["zai"] = WithText,
        ["z.ai"] = WithText,
        ["zhipu"] = WithText,
        ["vllm"] = WithText,
        ["qwen"] = WithText,
    };

    /// <summary>How it takes its model's thinking back.</summary>
    public ChatThinking Thinking { get; init; }

    public ChatDocuments Documents { get; init; }

    /// <summary>Whether a system message may be in the middle of a conversation.</summary>
    public bool TakesSystem { get; init; }

    public bool TakesImagesBack { get; init; }

    /// <summary>Whether it takes back what it read from files, so that they need not be read again.</summary>
    public bool TakesFilesBack { get; init; }

    public bool MakesNineLetterIds { get; init; }

    /// <summary>Whether results are to be followed by an answer.</summary>
    public bool NeedsAnswerToResults { get; init; }

    public static ChatServer Of(string name) => Servers.GetValueOrDefault(name, Unknown);

    public bool Takes(DocumentContent document) => document.Source is not null && Documents switch
    {
        ChatDocuments.None => false,
        ChatDocuments.File => RequestImage.Of(document.Source, document.MediaType).Base64 is not null,
        _ => true,
    };

    /// <summary>An id of nine letters and digits: the id itself where it is one, else one that is made of it.</summary>
    public static string NineLetters(string id, int number)
    {
        if (number == 1 && id.Length == LettersOfId && id.All(char.IsAsciiLetterOrDigit))
        {
            return id;
        }

        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{number}:{id}"));
        return string.Concat(hash.Take(LettersOfId).Select(one => Letters[one % Letters.Length]));
    }
}
