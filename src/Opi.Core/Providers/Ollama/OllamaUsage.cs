using System.Text.Json;

namespace Opi;

/// <summary>What Ollama counts. It bills nothing by the token. The counts are in the reply itself.</summary>
internal sealed class OllamaUsage : UsageShape
{
    private const string Input = "prompt_eval_count";
    private const string Output = "eval_count";

    /// <summary>The only instance, after the lists that it is made of.</summary>
    public static readonly OllamaUsage Instance = new();

    public override UsageTable Table { get; } = new(
        UsageTable.Of(MemberClass.Count, Input, Output));

    public override string? UsageName => null;

    public override bool IsReported(JsonElement usage) => usage.Get(Input) is not null || usage.Get(Output) is not null;

    /// <summary>A prompt that Ollama had in its cache has no count: its length is not known.</summary>
    public override void Read(UsageBill bill, JsonElement excerpt, ReplyOrigin origin)
    {
        bill.Input = bill.Count(Input) ?? 0;
        bill.Output = bill.Count(Output) ?? 0;
        bill.SetContext(bill.Count(Input) is null ? 0 : null);
    }

    protected override void Write(Utf8JsonWriter writer, JsonElement reply)
    {
        foreach (JsonProperty member in reply.EnumerateObject())
        {
            if (member.Value.ValueKind == JsonValueKind.Number || member.Name is Input or Output)
            {
                ReplyExcerpt.Copy(writer, reply, member.Name);
            }
        }
    }
}
