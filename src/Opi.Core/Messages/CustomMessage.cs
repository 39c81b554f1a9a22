using System.Text.Json;

namespace Opi;

/// <summary>A message of an application's own, kept in memory only.</summary>
/// <param name="Kind">The application's name for it.</param>
/// <param name="Data">Its content, any JSON.</param>
/// <param name="IncludeInLlmContext">Whether a model should see it.</param>
public sealed record CustomMessage(string Kind, JsonElement Data, bool IncludeInLlmContext) : AgentMessage
{
    private readonly ValueJson _data = Data;

    /// <summary>Its content, any JSON.</summary>
    public JsonElement Data { get => _data.Element; init => _data = value; }

    /// <inheritdoc/>
    public override string Role => "custom";

    /// <inheritdoc/>
    public override string Text => SerdeJson.ToText(Data);
}
