using System.Security.Cryptography;
using System.Text;

namespace Opi;

/// <summary>
/// Finds in a session where a tool read a file again and got the same, while what it had read before was still in the context. Between the
/// two nothing has changed the file, and no compaction came.
/// </summary>
internal sealed class RepeatedReads
{
    /// <summary>What is shorter is not worth a word: many agents answer a second reading with a note that nothing has changed.</summary>
    private const long LeastTokens = 200;

    private static readonly string[] ReadingWords = ["read", "view", "open", "cat"];

    private readonly Dictionary<string, (string Key, string Path)> _calls = new(StringComparer.Ordinal); // by their ids
    private readonly Dictionary<string, (string Path, string Hash)> _known = new(StringComparer.Ordinal); // by their arguments

    /// <summary>Takes an entry of the session, in their order. Gives the path and the tokens where it repeats a result.</summary>
    public (string Path, long Tokens)? Take(SessionEntry entry)
    {
        switch (entry)
        {
            case CompactionEntry:
                _known.Clear();
                return null;
            case MessageEntry { Message: AssistantMessage answer }:
                foreach (ToolCallContent call in answer.ToolCalls)
                {
                    TakeCall(call);
                }

                return null;
            case MessageEntry { Message: ToolResultMessage { IsError: false } result } when _calls.Remove(result.ToolCallId, out var read):
                return TakeResult(read.Key, read.Path, result.Text);
            default:
                return null;
        }
    }

    private void TakeCall(ToolCallContent call)
    {
        string[] paths = [.. ToolFiles.Of(call, out bool changes)];
        if (changes)
        {
            foreach (string key in _known.Where(known => paths.Contains(known.Value.Path)).Select(known => known.Key).ToArray())
            {
                _known.Remove(key);
            }
        }
        else if (paths.Length == 1 && Array.Exists(ReadingWords, word => call.Name.Contains(word, StringComparison.OrdinalIgnoreCase)))
        {
            _calls[call.Id] = ($"{call.Name} {call.Arguments}", paths[0]);
        }
    }

    private (string Path, long Tokens)? TakeResult(string key, string path, string text)
    {
        string hash = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
        bool isRepeated = _known.TryGetValue(key, out (string Path, string Hash) known) && known.Hash == hash;
        _known[key] = (path, hash);
        return isRepeated && TokenEstimator.CountText(text) is >= LeastTokens and var tokens ? (path, tokens) : null;
    }
}
