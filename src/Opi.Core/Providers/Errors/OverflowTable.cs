namespace Opi;

/// <summary>What servers say when the context is too long for the model, and what only looks like it.</summary>
internal static class OverflowTable
{
    /// <summary>The rules, those with figures before those without, so that figures are found.</summary>
    public static readonly IReadOnlyList<OverflowRule> Rules =
    [
        new(
            "anthropic",
            ["request_too_large"],
            "prompt is too long: (?<requested>#) tokens > (?<limit>#)",
            @"input length and max_tokens exceed context limit(?:: (?<requested>#) \+ (?<more>#) > (?<limit>#))?"),
        new(
            "openai, azure, deepseek, openrouter",
            ["context_length_exceeded", "context_overflow"],
            @"(?:\S{1,40} )?maximum context length is (?<limit>#)(?: tokens)?.{0,80}?(?:requested|resulted in|contains?|has)(?: about| at least)? "
                + "(?<requested>#)",
            "input tokens exceed the configured limit of (?<limit>#)(?: tokens[. ]{1,2}your messages resulted in (?<requested>#))?",
            "(?:input )?length (?<requested>#) exceeds the maximum allowed input length of (?<limit>#)",
            @"(?:\S{1,40} )?maximum context length is (?<limit>#)",
            "context_overflow\\b"),
        new(
            "gemini, vertex",
            [],
            @"input token count(?: of)?(?: \(?(?<requested>#)\)?)? exceeds the maximum number of (?:input )?tokens(?: allowed)?(?: \(?(?<limit>#))?",
            @"input token count is (?<requested>#) but (?:the )?model only supports up to (?<limit>#)",
            "cannot truncate to (?<limit>#), required (?<requested>#)"),
        new(
            "bedrock",
            [],
            "input is too long(?: for requested model)?",
            "number of input tokens exceeds maximum length",
            "input tokens exceeded: "),
        new(
            "vllm, sglang, together",
            [],
            @"(?:\S{1,40} )?(?:or \S{1,40} )?is too large: (?<more>#)\. .{0,60}maximum context length is (?<limit>#) tokens and your request has "
                + "(?<requested>#)",
            "(?:you )?passed (?<requested>#) input tokens.{0,120}?context length is only (?<limit>#)",
            @"decoder prompt \(length (?<requested>#)\) is longer than the maximum model length of (?<limit>#)",
            @"input \((?<requested>#) tokens\) is longer than the model's context length \((?<limit>#)",
            "token count exceeds the model's maximum context length of (?<limit>#)(?: tokens. you requested a total of (?<requested>#))?"),
        new(
            "llama.cpp, docker",
            ["exceed_context_size_error"],
            @"request(?: \((?<requested>#) tokens\))? exceeds the available context size(?: \((?<limit>#))?",
            "prompt has (?<requested>#) tokens?, but the configured context size is (?<limit>#)"),
        new(
            "lm studio",
            [],
            "number of tokens to keep from the initial prompt is greater than the context length"
                + @"(?: \(n_keep: (?<requested>#) ?>= ?n_ctx: (?<limit>#))?",
            @"cannot truncate prompt with n_keep \((?<requested>#)\) >= n_ctx \((?<limit>#)\)",
            "trying to keep the first # tokens.{0,120}?context length of only (?<limit>#)",
            "context size has been exceeded"),
        new(
            "tgi",
            [],
            @"inputs tokens \+ max_new_tokens must be <= (?<limit>#)(?:\. given: (?<requested>#) inputs tokens and (?<more>#))?",
            @"inputs must have less than (?<limit>#) tokens(?:\. given: (?<requested>#))?"),
        new("cerebras", [], "current length is (?<requested>#) while limit is (?<limit>#)"),
        new("mistral", ["3051"], "prompt contains (?<requested>#) tokens.{0,60}?too large for model with (?<limit>#)"),
        new("xai", [], "(?:model's )?maximum prompt length is (?<limit>#)(?: but the request contains (?<requested>#))?"),
        new("perplexity", ["too_many_prompt_tokens"], "total length of all messages is too long"),
        new(
            "cohere",
            ["TOO_MANY_TOKENS"],
            @"too many tokens: .{0,80}?cannot exceed (?<limit>#) - received (?<requested>#)",
            @"too many tokens: size limit exceeded by # tokens(?:.{0,120}?limit for this model is (?<limit>#))?"),
        new(
            "zai",
            ["1261"],
            "prompt exceeds max length",
            "tokens in request more than max tokens allowed",
            "model has reached its context window limit"),
        new("moonshot", [], @"(?:request )?exceeded model token limit(?:: (?<limit>#)(?: \(requested: (?<requested>#))?)?"),
        new("minimax", [], "context window exceeds limit"),
        new("dashscope", [], @"range of input length should be \[#, ?(?<limit>#)\]"),
        new("github models", ["tokens_limit_reached"], @"request body too large for \S{1,80} model\. max size: (?<limit>#) tokens"),
        new("github copilot", ["model_max_prompt_tokens_exceeded"], "prompt token count of (?<requested>#) exceeds the limit of (?<limit>#)"),
        new("litellm", ["ContextWindowExceededError"], @"(?:litellm\.)?ContextWindowExceededError\b"),
        new("fireworks", [], "prompt is too long: (?<requested>#), model maximum context length: (?<limit>#)"),
        new("siliconflow", [], @"length of prompt_tokens \((?<requested>#)\) must be less than max_seq_len \((?<limit>#)"),
        new("ollama", [], "prompt too long; exceeded max context length by #"),
        new("any", ["model_context_window_exceeded", "context_window_exceeded"]),
    ];

    /// <summary>Sentences that say it without a figure or a name. They count only where no code says that something else is wrong.</summary>
    public static readonly string[] LooseSentences =
    [
        "prompt (?:is )?too long",
        @"(?:input|prompt|request|messages?|conversation|context|token count)\b[^.:;!?\n]{0,60}?\b(?:exceed(?:s|ed)?|is greater than) (?:the )?"
            + @"(?:model's )?(?:max(?:imum)? )?(?:allowed )?context (?:length|window|limit|size)(?: of | ?\()?(?<limit>#)?",
        @"exceed(?:s|ed) (?:the )?(?:model's )?(?:max(?:imum)? )?context (?:length|window)(?: of | ?\()?(?<limit>#)?",
        "context (?:length|size|window) (?:has been |was )?exceeded",
        "(?:please )?reduce the length of the (?:messages|prompt|input)",
    ];

    /// <summary>Codes that say no more than that the request is wrong.</summary>
    public static readonly string[] GeneralCodes =
    [
        "400", "413", "422", "invalid_request_error", "invalid_request", "invalid_request_prompt", "bad_request", "bad_request_error",
        "BadRequestError", "BadRequest", "INVALID_ARGUMENT", "invalid_argument", "ValidationException", "validation", "validation_error",
        "value_error", "invalid_parameter_error", "InvalidParameter", "Client specified an invalid argument", "error",
        "invalid_prompt", "None", "about:blank",
    ];

    /// <summary>Codes of other faults, whose words may quote a prompt, a tool or a limit of something else.</summary>
    public static readonly string[] OtherCodes =
    [
        "invalid_function_parameters", "invalid_value", "string_above_max_length", "array_above_max_length", "invalid_api_key",
        "model_not_found", "insufficient_quota", "invalid_image", "invalid_image_url", "image_parse_error", "invalid_json_schema",
        "authentication_error", "permission_error", "not_found_error", "billing_error", "overloaded_error", "UNAUTHENTICATED",
        "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "unsupported_parameter", "unknown_parameter", "content_filter",
    ];
}
