using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Opi.Embedding;

/// <summary>Sends requests to Anthropic's Messages API.</summary>
internal sealed class AnthropicClient(HttpClient http, string model)
{
    /// <summary>Sends a request that Opi made of a context, and reads the answer. Throws what the provider says when it refuses.</summary>
    public async Task<IReadOnlyList<Message>> SendAsync(ProviderRequest request, CancellationToken cancellationToken)
    {
        // Opi makes the messages and the system text; the rest of the request is yours.
        JsonObject body = JsonNode.Parse(request.Body.GetRawText())!.AsObject();
        body["model"] = model;
        body["max_tokens"] = 1024;

        using var content = new StringContent(body.ToJsonString(), Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        using HttpResponseMessage response = await http.PostAsync(new Uri("/v1/messages", UriKind.Relative), content, cancellationToken);
        using JsonDocument reply = JsonDocument.Parse(await response.Content.ReadAsStringAsync(cancellationToken));
        return ProviderReply.Parse(reply.RootElement, Provider.Anthropic, $"anthropic:{model}");
    }
}
