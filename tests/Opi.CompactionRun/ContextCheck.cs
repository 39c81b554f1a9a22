using Opi.ProviderStub;

namespace Opi.CompactionRun;

/// <summary>What is wrong with a context, and what it still knows.</summary>
public static class ContextCheck
{
    private static readonly Provider[] Providers = Enum.GetValues<Provider>();

    /// <summary>Results that a cut parts from their call: the newest call of their id before them.</summary>
    public static int Orphans(IReadOnlyList<AgentMessage> messages, int cut)
    {
        var callAt = new Dictionary<string, int>();
        int orphans = 0;
        for (int i = 0; i < messages.Count; i++)
        {
            switch (messages[i])
            {
                case AssistantMessage answer:
                    foreach (ToolCallContent call in answer.ToolCalls)
                    {
                        callAt[call.Id] = i;
                    }

                    break;
                case ToolResultMessage result when i >= cut && callAt.GetValueOrDefault(result.ToolCallId, i) < cut:
                    orphans++;
                    break;
            }
        }

        return orphans;
    }

    /// <summary>What the rules of each provider find in the request that is made of a context, and what making it had to leave out.</summary>
    public static IReadOnlyList<string> Violations(IReadOnlyList<AgentMessage> context)
    {
        var found = new List<string>();
        foreach (Provider provider in Providers)
        {
            ProviderRequest request = ProviderRequest.Build(context, provider);
            found.AddRange(ProviderRules.ValidateMessages(provider, request.Body).Select(line => $"{provider}: {line}"));
            found.AddRange(request.Warnings.Where(line => line.Contains("left out", StringComparison.Ordinal)).Select(line => $"{provider}: {line}"));
        }

        return found;
    }

    /// <summary>The share of marks of a kind that a context still has, in its summary or in its messages.</summary>
    public static double Known(string context, IReadOnlyCollection<string> marks) =>
        marks.Count == 0 ? 1 : (double)marks.Count(mark => context.Contains(mark, StringComparison.Ordinal)) / marks.Count;

    /// <summary>All that a model sees of a context, as one text.</summary>
    public static string TextOf(IReadOnlyList<AgentMessage> context) => string.Join('\n', context.Select(message => message is AssistantMessage answer
        ? answer.Text + string.Concat(answer.ToolCalls.Select(call => call.Arguments))
        : message.Text));
}
