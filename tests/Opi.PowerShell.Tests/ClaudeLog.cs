using System.Text.Json;

namespace Opi.PowerShell.Tests;

/// <summary>Lines of a Claude Code log.</summary>
internal static class ClaudeLog
{
    public static string Line(
        string id, string time = "2026-04-01T10:00:00Z", string model = "claude-sonnet-4-5", string project = "/r", string session = "s") =>
        JsonSerializer.Serialize(new
        {
            type = "assistant",
            sessionId = session,
            timestamp = time,
            cwd = project,
            requestId = "r" + id,
            message = new { id, role = "assistant", model, usage = new { input_tokens = 1, output_tokens = 0 } },
        });
}
