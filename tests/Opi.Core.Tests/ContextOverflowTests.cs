using System.Text.Json;

namespace Opi.Tests;

/// <summary>The errors of a context that is too long, in the words of each provider, and those that only look like them.</summary>
public sealed class ContextOverflowTests
{
    [Theory]
    [InlineData("""{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 208310 tokens > 200000 maximum"}}""", 200000L, 208310L)]
    [InlineData("""{"type":"error","error":{"type":"invalid_request_error","message":"input length and `max_tokens` exceed context limit: 188240 + 21333 > 200000, decrease input length or `max_tokens` and try again"}}""", 200000L, 209573L)]
    [InlineData("""{"type":"error","error":{"type":"request_too_large","message":"Request exceeds the maximum size"}}""", null, null)]
    [InlineData("""{"error":{"message":"This model's maximum context length is 128000 tokens. However, your messages resulted in 130000 tokens (129000 in the messages, 1000 in the functions). Please reduce the length of the messages or functions.","type":"invalid_request_error","param":"messages","code":"context_length_exceeded"}}""", 128000L, 130000L)]
    [InlineData("""{"error":{"message":"This model's maximum context length is 8191 tokens, however you requested 10346 tokens (10346 in your prompt; 5 for the completion). Please reduce your prompt; or completion length.","type":"invalid_request_error","param":null,"code":null}}""", 8191L, 10346L)]
    [InlineData("""{"error":{"message":"Your input exceeds the context window of this model. Please adjust your input and try again.","type":"invalid_request_error","param":"input","code":"context_length_exceeded"}}""", null, null)]
    [InlineData("""{"type":"response.failed","response":{"error":{"code":"context_length_exceeded","message":"Your input exceeds the context window of this model."}}}""", null, null)]
    [InlineData("""{"error":{"code":"context_length_exceeded","message":"Your request was refused."}}""", null, null)]
    [InlineData("""{"error":{"code":400,"message":"The input token count (1048577) exceeds the maximum number of tokens allowed (1048576).","status":"INVALID_ARGUMENT"}}""", 1048576L, 1048577L)]
    [InlineData("""[{"error":{"code":400,"message":"The input token count exceeds the maximum number of tokens allowed 1048576.","status":"INVALID_ARGUMENT"}}]""", 1048576L, null)]
    [InlineData("""{"message":"Input is too long for requested model."}""", null, null)]
    [InlineData("""{"__type":"com.amazon.coral.service#ValidationException","message":"Input is too long for requested model."}""", null, null)]
    [InlineData("""{"message":"The model returned the following errors: prompt is too long: 208310 tokens > 200000 maximum"}""", 200000L, 208310L)]
    [InlineData("""{"error":"prompt too long; exceeded max context length by 4 tokens"}""", null, null)]
    [InlineData("""{"error":"the input length exceeds the context length"}""", null, null)]
    [InlineData("""{"object":"error","message":"This model's maximum context length is 4096 tokens. However, you requested 5000 tokens in the messages, Please reduce the length of the messages.","type":"BadRequestError","param":null,"code":400}""", 4096L, 5000L)]
    [InlineData("""{"error":{"message":"You passed 32769 input tokens and requested 1 output tokens. However, the model's context length is only 32768 tokens","type":"BadRequestError","param":"input_tokens","code":400}}""", 32768L, 32769L)]
    [InlineData("""{"object":"error","message":"The decoder prompt (length 40000) is longer than the maximum model length of 32768.","type":"BadRequestError","code":400}""", 32768L, 40000L)]
    [InlineData("""{"error":{"message":"Provider returned error","code":400,"metadata":{"raw":"{\"error\":{\"message\":\"This endpoint's maximum context length is 1048576 tokens. However, you requested about 1293741 tokens (1227853 of text input).\"}}","provider_name":"x"}}}""", 1048576L, 1293741L)]
    [InlineData("""{"error":{"message":"This model's maximum context length is 65536 tokens. However, you requested 72349 tokens (68253 in the messages, 4096 in the completion). Please reduce the length of the messages or completion.","type":"invalid_request_error","param":null,"code":"invalid_request_error"}}""", 65536L, 72349L)]
    [InlineData("""{"object":"error","message":"Prompt contains 40000 tokens and 0 draft tokens, too large for model with 32768 maximum context length","type":"invalid_request_error","param":null,"code":"3051"}""", 32768L, 40000L)]
    [InlineData("""{"error":{"code":400,"message":"request (9000 tokens) exceeds the available context size (8192 tokens), try increasing it","type":"exceed_context_size_error","n_prompt_tokens":9000,"n_ctx":8192}}""", 8192L, 9000L)]
    [InlineData("""{"error":{"code":400,"message":"the request exceeds the available context size, try increasing it","type":"invalid_request_error"}}""", null, null)]
    [InlineData("""{"error":{"message":"Please reduce the length of the messages or completion.","type":"invalid_request_error","param":"messages","code":"context_length_exceeded"}}""", null, null)]
    [InlineData("""{"code":"Client specified an invalid argument","error":"This model's maximum prompt length is 131072 but the request contains 537812 tokens."}""", 131072L, 537812L)]
    [InlineData("""{"error":{"message":"prompt token count of 130,000 exceeds the limit of 128,000","code":"model_max_prompt_tokens_exceeded"}}""", 128000L, 130000L)]
    [InlineData("""{"error":{"message":"The input (516368 tokens) is longer than the model's context length (262144 tokens).","type":"invalid_request_error"}}""", 262144L, 516368L)]
    [InlineData("""{"error":{"message":"Invalid request: Your request exceeded model token limit: 262144 (requested: 300000)","type":"invalid_request_error"}}""", 262144L, 300000L)]
    [InlineData("""{"error":"Trying to keep the first 5000 tokens when context the overflows. However, the model is loaded with context length of only 4096 tokens, which is not enough."}""", 4096L, null)]
    [InlineData("""{"error":{"message":"'max_tokens' or 'max_completion_tokens' is too large: 5000. This model's maximum context length is 4096 tokens and your request has 20 input tokens (5000 > 4096 - 20).","type":"BadRequestError","code":400}}""", 4096L, 5020L)]
    public void AnOverflowIsOne(string reply, long? limit, long? requested)
    {
        var error = Assert.Throws<ContextOverflowException>(() => Parse(reply));
        Assert.Equal((limit, requested), (error.LimitTokens, error.RequestedTokens));
        Assert.Contains("is an error", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"type":"error","error":{"type":"rate_limit_error","message":"This request would exceed the rate limit for your organization of 30,000 input tokens per minute. The prompt is too long for it."}}""")]
    [InlineData("""{"error":{"message":"Request too large for gpt-4o in organization org-1 on tokens per min (TPM): Limit 30000, Requested 60000. The input or output tokens must be reduced in order to run successfully.","type":"tokens","param":null,"code":"rate_limit_exceeded"}}""")]
    [InlineData("""{"error":{"message":"Request too large for model `llama-3` on tokens per minute (TPM): Limit 6000, Requested 8000, please reduce the length of the messages and try again.","type":"tokens","code":"rate_limit_exceeded"}}""")]
    [InlineData("""{"__type":"ThrottlingException","message":"Too many tokens, please wait before trying again. Input is too long."}""")]
    [InlineData("""{"message":"Too many tokens per day, please wait before trying again."}""")]
    [InlineData("""{"error":{"code":429,"message":"You exceeded your current quota. The input token count exceeds the maximum number of tokens allowed a minute.","status":"RESOURCE_EXHAUSTED"}}""")]
    [InlineData("""{"type":"error","error":{"type":"invalid_request_error","message":"max_tokens: 100000 > 64000, which is the maximum allowed number of output tokens for this model"}}""")]
    [InlineData("""{"error":{"message":"max_tokens is too large: 100000. This model supports at most 16384 completion tokens, whereas you provided 100000.","type":"invalid_request_error","param":"max_tokens","code":"invalid_value"}}""")]
    [InlineData("""{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}""")]
    [InlineData("""{"error":{"message":"The model 'gpt-9' does not exist","type":"invalid_request_error","code":"model_not_found"}}""")]
    [InlineData("""{"message":"The security token included in the request is invalid."}""")]
    public void AnotherErrorIsNone(string reply) => Assert.IsType<ProviderErrorException>(Assert.ThrowsAny<ProviderErrorException>(() => Parse(reply)));

    private static void Parse(string reply) => ProviderReply.Parse(JsonSerializer.Deserialize<JsonElement>(reply));
}
