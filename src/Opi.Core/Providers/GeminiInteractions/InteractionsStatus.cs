using System.Text.Json;

namespace Opi;

/// <summary>How an interaction ended, and why it failed.</summary>
internal static class InteractionsStatus
{
    private const string Failed = "failed";
    private const string NeedsAction = "requires_action";

    /// <summary>Limits of tokens, of the answer or of all that an agent may use.</summary>
    private static readonly string[] Cut = ["incomplete", "budget_exceeded"];

    /// <summary>Whether the interaction goes on at the provider.</summary>
    public static bool IsRunning(string? status) => status is "in_progress" or "queued";

    /// <summary>Notes how the interaction ended.</summary>
    public static void Stop(Reply result, JsonElement reply)
    {
        switch (reply.Text("status"))
        {
            case null or "completed":
                result.Stop(null, [], [], []);
                break;
            case "cancelled":
                result.Stop(StopReason.Aborted, "The interaction was cancelled.");
                break;
            case Failed:
                result.Fail(FailureOf(reply)?.Text("message") ?? "The interaction failed.");
                break;
            case var status:
                result.Stop(status, [], Cut, [NeedsAction]);
                break;
        }
    }

    /// <summary>What an interaction that failed says of why, as an object with <c>code</c> and <c>message</c>; null when it says nothing.</summary>
    public static JsonElement? FailureOf(JsonElement reply)
    {
        if (!reply.Is("status", Failed))
        {
            return null;
        }

        IEnumerable<JsonElement> said = reply.Items("errors").Concat(ErrorsOfSteps(reply));
        return said.Cast<JsonElement?>().FirstOrDefault(error => error!.Value.Text("message") is not null);
    }

    /// <summary>The errors that steps have of their own.</summary>
    public static IEnumerable<JsonElement> ErrorsOfSteps(JsonElement reply) =>
        InteractionsStep.OfReply(reply).Where(step => step.Is("type", InteractionsStep.Output)).Select(step => step.Object("error"))
            .OfType<JsonElement>();
}
