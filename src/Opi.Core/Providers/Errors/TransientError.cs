using System.Globalization;

namespace Opi;

/// <summary>Separates errors that pass by themselves from those that stay: only the first kind is worth another try.</summary>
internal static class TransientError
{
    /// <summary>Codes and types of errors that pass, as the providers write them.</summary>
    private static readonly string[] Passing =
    [
        "overloaded_error", "overloaded", "engine_overloaded", "engine_overloaded_error", "api_error", "timeout_error", "timeout",
        "rate_limit_error", "rate_limit_exceeded", "rate_limit_reached", "rate_limited", "too_many_requests", "slow_down", "server_error",
        "internal_error", "internal_server_error", "server_overloaded", "service_unavailable", "service_unavailable_error", "bad_gateway",
        "gateway_timeout", "upstream_error", "request_timeout", "UNAVAILABLE", "RESOURCE_EXHAUSTED", "INTERNAL", "DEADLINE_EXCEEDED",
        "ABORTED", "ThrottlingException", "TooManyRequestsException", "ServiceUnavailableException", "ModelTimeoutException",
        "ModelNotReadyException", "InternalServerException", "InternalFailure", "ModelStreamErrorException",
    ];

    /// <summary>Codes that need a person, whatever the status: more money, another account.</summary>
    private static readonly string[] Unpaid =
        ["insufficient_quota", "billing_error", "billing_hard_limit_reached", "billing_not_active", "account_deactivated"];

    /// <summary>Codes of errors that stay until a person does something, though their status may be the one of a rate limit.</summary>
    private static readonly string[] Staying =
    [
        .. Unpaid, "authentication_error", "permission_error", "invalid_api_key", "invalid_request_error", "not_found_error", "model_not_found",
        "INVALID_ARGUMENT",
        "FAILED_PRECONDITION", "PERMISSION_DENIED", "UNAUTHENTICATED", "NOT_FOUND", "ValidationException", "AccessDeniedException",
        "UnrecognizedClientException", "ExpiredTokenException", "ResourceNotFoundException", "ServiceQuotaExceededException",
    ];

    /// <summary>Whether an HTTP status means an error that passes: 408, 409, 429, and all from 500 on.</summary>
    public static bool IsTransient(int status) => status is 408 or 409 or 429 or (>= 500 and < 600);

    /// <summary>Whether an answer with a status of HTTP, and with an error in it or not, is one that passes.</summary>
    public static bool IsTransient(int status, ProviderErrorException? error) =>
        IsTransient(status) && !Unpaid.Contains(error?.Code, StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether codes mean an error that passes; null when they do not say.</summary>
    public static bool? Of(IReadOnlyCollection<string> codes) =>
        codes.Any(code => Staying.Contains(code, StringComparer.OrdinalIgnoreCase)) ? false
            : codes.Any(code => Passing.Contains(code, StringComparer.OrdinalIgnoreCase) || (StatusOf(code) is { } status && IsTransient(status)))
                ? true
            : codes.Any(code => StatusOf(code) is >= 400 and < 500) ? false
            : null;

    private static int? StatusOf(string code) =>
        int.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out int status) && status is >= 400 and < 600 ? status : null;
}
