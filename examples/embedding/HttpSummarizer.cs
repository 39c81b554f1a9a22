namespace Opi.Embedding;

/// <summary>Asks a model for the summary of a compaction.</summary>
internal sealed class HttpSummarizer(AnthropicClient client) : ISummarizer
{
    public async Task<SummaryResult?> SummarizeAsync(SummaryRequest request, CancellationToken cancellationToken)
    {
        var prompt = new UserMessage(request.Prompt, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
        try
        {
            IReadOnlyList<Message> reply = await client.SendAsync(ProviderRequest.Build([prompt], Provider.Anthropic), cancellationToken);
            return SummaryResult.FromMessage(reply.OfType<AssistantMessage>().Single()); // with what it cost
        }
        catch (ContextOverflowException error)
        {
            throw new SummaryInputTooLongException(error.Message, error); // it is asked again with less
        }
    }
}
