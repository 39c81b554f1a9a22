namespace Opi;

/// <summary>
/// A summary made without a model: what the user asked for, decisions and figures word for word, the tools used, the
/// files read and changed, the errors met and the last state. A digest among the messages is brought up to date, so digests never nest. The
/// same messages give the same text.
/// </summary>
internal static class Digest
{
    private const int ErrorCharacters = 200;

    /// <summary>Anthropic's name for its own compaction, whose text is the summary.</summary>
    private const string ProviderCompaction = "compaction";

    /// <summary>The digest of messages, of at most this many tokens besides its headings.</summary>
    /// <param name="messages">The messages, the digest before first.</param>
    /// <param name="budgetTokens">The budget.</param>
    /// <param name="estimator">Measures it.</param>
    /// <param name="fromStart">Whether the conversation began with the first request among them.</param>
    public static string Of(IReadOnlyList<AgentMessage> messages, long budgetTokens, ITokenEstimator estimator, bool fromStart = true)
    {
        DigestText text = Collect(messages, fromStart);
        text.Fit(budgetTokens, estimator);
        return text.ToString();
    }

    private static DigestText Collect(IReadOnlyList<AgentMessage> messages, bool requestsFromStart)
    {
        var text = new DigestText();
        int from = 0;
        if (messages.Count > 0 && messages[0] is CompactionSummaryMessage { Summary: var previous })
        {
            from = 1;
            if (DigestText.Parse(previous) is { } digest)
            {
                text = digest;
                requestsFromStart &= text.IsEmpty(DigestSection.OriginalRequest)
                    && text.IsEmpty(DigestSection.LaterRequests)
                    && text.IsEmpty(DigestSection.EarlierSummaries);
            }
            else
            {
                text.Add(DigestSection.EarlierSummaries, previous);
                requestsFromStart = false;
            }
        }

        HashSet<string> failed = [.. messages.OfType<ToolResultMessage>().Where(result => result.IsError).Select(result => result.ToolCallId)];
        var state = new List<string>();
        foreach (AgentMessage message in messages.Skip(from))
        {
            text.Messages += message is Message ? 1 : 0;
            switch (message)
            {
                case UserMessage user when user.Text.Length > 0:
                    text.Add(requestsFromStart ? DigestSection.OriginalRequest : DigestSection.LaterRequests, user.Text);
                    AddSentences(text, user.Text, requestsFromStart ? user.Text.Length : DigestText.BeginningCharacters);
                    requestsFromStart = false;
                    break;
                case SystemMessage system when system.Text.Length > 0:
                    text.Add(DigestSection.LaterRequests, system.Text);
                    break;
                case AssistantMessage answer:
                    AddAnswer(text, answer, failed, state);
                    break;
                case ToolResultMessage result:
                    string outcome = Outcome(result.Text);
                    if (result.IsError)
                    {
                        text.Count(DigestSection.Errors, $"{result.ToolName}: {outcome}");
                    }
                    else
                    {
                        foreach (string figure in KeySentences.OfResult(result.Text))
                        {
                            text.AddOnce(DigestSection.Figures, $"{result.ToolName}: {figure}");
                        }
                    }

                    state.Add($"{result.ToolName} {(result.IsError ? "failed" : "gave")}: {outcome}");
                    break;
                case CompactionSummaryMessage or BranchSummaryMessage:
                    text.Add(DigestSection.EarlierSummaries, message.Text);
                    break;
            }
        }

        if (state.Count > 0)
        {
            text.Replace(DigestSection.LastState, state);
        }

        return text;
    }

    /// <summary>Notes an answer. What the model said last is the state, and after it what its calls gave.</summary>
    private static void AddAnswer(DigestText text, AssistantMessage answer, HashSet<string> failed, List<string> state)
    {
        if (answer.Text.Length > 0)
        {
            state.Clear();
            state.Add("assistant: " + answer.Text);
            AddSentences(text, answer.Text);
        }

        if (answer.ErrorMessage is { } error)
        {
            text.Count(DigestSection.Errors, "model: " + Outcome(error));
        }

        foreach (OpaqueContent opaque in answer.Content.OfType<OpaqueContent>().Where(opaque => opaque.StandIn.Length > 0))
        {
            if (opaque.Kind == ProviderCompaction)
            {
                text.Add(DigestSection.EarlierSummaries, opaque.StandIn);
            }
            else
            {
                text.Count(DigestSection.Tools, Outcome(opaque.StandIn));
            }
        }

        foreach (ToolCallContent call in answer.ToolCalls)
        {
            text.Count(DigestSection.Tools, call.Name);
            foreach (string path in ToolFiles.Of(call, out bool changes))
            {
                if (!changes || failed.Contains(call.Id))
                {
                    text.AddOnce(DigestSection.FilesRead, path);
                }
                else
                {
                    text.AddOnce(DigestSection.FilesChanged, path);
                }
            }
        }
    }

    /// <summary>Notes decisions and figures. The beginning of a request is kept anyway.</summary>
    private static void AddSentences(DigestText text, string said, int from = 0)
    {
        foreach ((string sentence, bool isDecision) in KeySentences.Of(said, from))
        {
            text.AddOnce(isDecision ? DigestSection.Decisions : DigestSection.Figures, sentence);
        }
    }

    private static string Outcome(string text) =>
        ConversationText.Shorten(string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), ErrorCharacters);
}
