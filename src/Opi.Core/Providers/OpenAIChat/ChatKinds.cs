namespace Opi;

/// <summary>What becomes of each part of a Chat Completions reply.</summary>
internal static class ChatKinds
{
    public static readonly IReadOnlyList<BlockKind> All =
    [
        new("content (text)", "text", "text", "text"),
        new("content (object: Cloudflare)", "text: its JSON", "text", "text"),
        new("content: text", "text", "text", "text"),
        new("content: thinking (Mistral)", "thinking", "as it came, to the same model at Mistral", "left out"),
        new("content: reference (Mistral)", "opaque", "as it came, to Mistral", "left out"),
        new("content: image_url", "opaque", "as it came, to Mistral; else `[image: type]`", "`[image: type]`"),
        new("content: any other part", "opaque", "`[type]`", "`[type]`"),
        new("choices[].text (/v1/completions)", "text", "text", "text"),
        new("refusal", "text", "text", "text"),
        new("tool_calls (function)", "call", "call, with extra_content to the same model", "call"),
        new("tool_calls (custom)", "call; its input is the argument input", "custom call", "call"),
        new("tool_calls (any other)", "opaque", "`[type]`", "`[type]`"),
        new("function_call", "call", "function_call; its result as role function", "call"),
        new("reasoning, reasoning_content", "thinking",
            "to the same model at DeepSeek (with calls), Moonshot, Z.ai, vLLM, Qwen, OpenRouter, Snowflake, Vercel; else left out", "left out"),
        new("reasoning_details", "thinking, and whole beside the content",
            "as it came, to the same model at OpenRouter, Snowflake and Vercel", "left out"),
        new("thought_signature", "beside the content", "as it came, to the same model", "left out"),
        new(
            "audio",
            "text: the transcript, with the id; the sound is not kept (with a warning)",
            "the id until it expires, then the transcript",
            "text"),
        new("images", "opaque", "as it came, to OpenRouter; else `[image: type]`", "`[image: type]`"),
        new("annotations (file)", "beside the content", "as it came, to OpenRouter", "left out"),
        new("annotations (any other)", "beside the content", "left out", "left out"),
        new("executed_tools, search_results, citations, related_questions", "beside the content", "left out", "left out"),
        new("any other member of the message", "beside the content", "left out", "left out"),
        new("choices[1..]", "not kept (with a warning)", "left out", "left out"),
        new("logprobs", "not kept (with a warning)", "left out", "left out"),
    ];
}
