using System.Buffers;

namespace Opi;

/// <summary>
/// What secrets look like, from their issuers' own descriptions of the formats. Each shape replaces only the secret, not the words around
/// it. A secret without a special form, for example a password in a sentence, is found only where a key names it.
/// </summary>
internal static class SecretShapes
{
    /// <summary>Names of keys that hold a secret, without case and separators; a key ends with one of them.</summary>
    private static readonly string[] SecretKeys =
    [
        "password", "passwd", "pwd", "passphrase", "secret", "secretkey", "clientsecret", "apikey", "accesskey", "accountkey", "privatekey",
        "sharedaccesskey", "subscriptionkey", "encryptionkey", "signingkey", "token", "authorization", "credential", "credentials",
        "connectionstring", "cookie",
    ];

    /// <summary>Keys that end like one of those and hold no secret: marks of pages.</summary>
    private static readonly string[] OpenKeys = ["nexttoken", "pagetoken", "nextpagetoken", "continuationtoken", "synctoken", "stoptoken"];

    /// <summary>Values of a secret's key that are not secrets: those of a schema or a template.</summary>
    private static readonly HashSet<string> OpenValues = new(StringComparer.OrdinalIgnoreCase)
    {
        "string", "number", "boolean", "object", "null", "none", "true", "false", "required", "optional", "password", "secret", "token",
        "undefined", "redacted", "bearer", "basic", TextRedaction.Placeholder,
    };

    private static readonly SearchValues<char> Marks = SearchValues.Create("!@#$%^*+/=~");
    private static readonly SearchValues<char> Code = SearchValues.Create("(){}[]");
    private static readonly SearchValues<char> CodeOrMember = SearchValues.Create("(){}[].");

    private const string Value = "(?<secret>[^\\s\"'<>;,&\\\\]{3,})";

    /// <summary>The shapes, first those with a known issuer.</summary>
    public static IReadOnlyList<TextShape> All { get; } =
    [
        // Private keys: RFC 7468, OpenSSH, PGP. One that was cut off has no end.
        new("-----BEGIN ", @"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----(?:[^-]|-[^-]|--[^-]|---[^-]|----[^-])*"
            + "(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----)?"),
        new("AGE-SECRET-KEY-", @"\bAGE-SECRET-KEY-1[A-Z0-9]{40,}"),

        // Model providers.
        new("sk-", @"\bsk-[A-Za-z0-9_-]{20,}", IsMixed),
        new("xai-", @"\bxai-[A-Za-z0-9]{20,}"),
        new("gsk_", @"\bgsk_[A-Za-z0-9]{20,}"),
        new("csk-", @"\bcsk-[a-z0-9]{20,}"),
        new("pplx-", @"\bpplx-[A-Za-z0-9]{20,}"),
        new("hf_", @"\bhf_[A-Za-z0-9]{20,}"),
        new("r8_", @"\br8_[A-Za-z0-9]{30,}"),
        new("fw_", @"\bfw_[A-Za-z0-9]{20,}", IsMixed),
        new("nvapi-", @"\bnvapi-[A-Za-z0-9_-]{20,}"),
        new("tvly-", @"\btvly-[A-Za-z0-9_-]{16,}"),
        new("lsv2_", @"\blsv2_(?:pt|sk)_[A-Za-z0-9_]{20,}"),

        // Clouds.
        new("AKIA|ASIA|ABIA|ACCA", @"\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b"),
        new("AIza", @"\bAIza[A-Za-z0-9_-]{35,}"),
        new("GOCSPX-", @"\bGOCSPX-[A-Za-z0-9_-]{20,}"),
        new("ya29.", @"\bya29\.[A-Za-z0-9_-]{20,}"),
        new("AccountKey=|SharedAccessKey=", @"(?:AccountKey|SharedAccessKey)=(?<secret>[A-Za-z0-9+/]{20,}={0,2})"),
        new("8Q~", @"\b[A-Za-z0-9_~.]{3}8Q~[A-Za-z0-9_~.-]{31,40}", before: 3),
        new("sig=", @"[?&;]sig=(?<secret>[A-Za-z0-9%+/=_-]{16,})", before: 1),
        new("dapi", @"\bdapi[a-f0-9]{32}\b"),
        new("doo_v1_|dop_v1_|dor_v1_", @"\bdo[opr]_v1_[a-f0-9]{40,}"),
        new("hvs.|hvb.|hvr.", @"\bhv[sbr]\.[A-Za-z0-9_-]{20,}"),
        new("HRKU-", @"\bHRKU-[A-Za-z0-9_-]{20,}"),

        // Code hosts and package registries.
        new("ghp_|gho_|ghu_|ghs_|ghr_", @"\bgh[pousr]_[A-Za-z0-9]{30,}"),
        new("github_pat_", @"\bgithub_pat_[A-Za-z0-9_]{40,}"),
        new(
            "glpat|gldt|glrt|glcbt|glptt|glft|glimt|glagent|gloas|glffct|glsoat|glsa",
            @"\bgl(?:pat|dt|rt|cbt|ptt|ft|imt|agent|oas|ffct|soat|sa)[-_][A-Za-z0-9_.-]{16,}"),
        new("npm_", @"\bnpm_[A-Za-z0-9]{30,}"),
        new("pypi-", @"\bpypi-[A-Za-z0-9_-]{20,}", IsMixed),
        new("dckr_", @"\bdckr_(?:pat|oat)_[A-Za-z0-9_-]{20,}"),
        new("rubygems_", @"\brubygems_[a-f0-9]{40,}"),
        new("ATATT3", @"\bATATT3[A-Za-z0-9_=-]{20,}"),

        // Services.
        new("xox", @"\bxox[abcdeoprs](?:\.xox[bp])?-[A-Za-z0-9-]{10,}"),
        new("xapp-", @"\bxapp-\d-[A-Za-z0-9-]{20,}"),
        new("hooks.slack.com", @"hooks\.slack\.com/(?:services|workflows)/(?<secret>[A-Za-z0-9/_-]{20,})"),
        new("k_live_|k_test_|k_prod_", @"\b[rs]k_(?:live|test|prod)_[A-Za-z0-9]{10,}", before: 1),
        new("whsec_", @"\bwhsec_[A-Za-z0-9+/=]{20,}"),
        new("SG.", @"\bSG\.[A-Za-z0-9_-]{16,40}\.[A-Za-z0-9_-]{16,}"),
        new("webhooks/", @"discord(?:app)?\.com/api/webhooks/\d+/(?<secret>[A-Za-z0-9_-]{30,})", before: 19),
        new(".", @"\b[MNO][A-Za-z0-9_-]{23,27}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,40}\b",
            before: 35, first: "MNO"),
        new(":AA", @"\b\d{8,10}:AA[A-Za-z0-9_-]{32,35}\b", before: 10),
        new("SK", @"\bSK[0-9a-f]{32}\b"),
        new("shp", @"\bshp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}\b"),
        new("lin_api_", @"\blin_api_[A-Za-z0-9]{30,}"),
        new("ntn_", @"\bntn_[A-Za-z0-9]{30,}"),
        new("sntry", @"\bsntry[us]_[A-Za-z0-9_=+/-]{30,}"),
        new("figd_", @"\bfigd_[A-Za-z0-9_-]{30,}"),
        new("key-", @"\bkey-[0-9a-f]{32}\b"),
        .. IssuerShapes.All,

        // Forms of no certain issuer.
        new("eyJ", @"(?:\b|_)(?<secret>eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*)", endless: true),
        new("://", @"[A-Za-z][A-Za-z0-9+.-]*://[^/\s:@""'<>]*:(?<secret>[^/\s@""'<>]+)@", secret => !IsTemplate(secret), endless: true),
        new("authorization", "authorization[\"']?\\s*[:=]\\s*[\"']?(?:[A-Za-z-]{3,20}\\s+)?" + Value, IsSecretValue, ignoreCase: true),
        new("authorization", "authorization[\"']?\\s*[:=]\\s*[\"']?basic\\s+(?<secret>[A-Za-z0-9+/]{6,}={0,2})", ignoreCase: true),
        new("bearer", @"\bbearer\s+(?<secret>[A-Za-z0-9._~+/=-]{12,})", IsMixed, ignoreCase: true),
        new("apikey|api-key", @"\b(?:x-)?(?:[a-z]+-){0,3}api-?key[""']?\s*[:=]\s*[""']?" + Value, IsSecretValue, ignoreCase: true, endless: true),
        new("?|&", @"[?&](?:api_?key|key|token|access_token|refresh_token|id_token|auth|authorization|client_secret|code)=(?<secret>[^\s&#""'<>]+)",
            secret => !IsTemplate(secret), ignoreCase: true),

        // Where a program or a file has a place for one.
        new(
            "machine", @"\bmachine\s{1,8}\S{1,200}\s{1,8}login\s{1,8}\S{1,200}\s{1,8}password\s{1,8}(?<secret>\S{3,})",
            secret => !IsTemplate(secret)),
        new("-u |--user", @"(?:-u|--user)[ =][""']?[^\s:""'$]{1,64}:(?<secret>[^\s""'/@]{3,})", secret => !IsTemplate(secret) && IsMixed(secret)),
        new(
            "To-SecureString", @"To-SecureString\s+(?:-s\w*\s+)?[""'](?<secret>[^""'\r\n]{3,})",
            secret => !IsTemplate(secret), ignoreCase: true),
        new(
            "key=\"|name=\"", @"(?:key|name)=""[^""]{0,80}(?:api[_-]?key|password|secret|token)""\s{1,8}value=""(?<secret>[^""\r\n]{3,})",
            secret => !IsTemplate(secret), ignoreCase: true),
        new("\"auth\"", @"""auth""\s{0,8}:\s{0,8}""(?<secret>[A-Za-z0-9+/]{12,}={0,2})", IsMixed),
        new("_auth", @"\b_auth\s{0,8}=\s{0,8}(?<secret>[A-Za-z0-9+/]{12,}={0,2})", IsMixed),
        new("cookie:", @"\bcookie:[ \t]{0,8}(?<secret>[A-Za-z0-9_.%-]{1,80}=[^\r\n""']{8,})", IsMixed, ignoreCase: true),
        new(
            "token", @"(?<![^ \t\r\n""'-])token[""']?\s{0,8}[:=]\s{0,8}[""']?(?<secret>[A-Za-z0-9._~+/=-]{20,})", IsMixed, ignoreCase: true,
            precededBy: " \t\r\n\"'-"),

        // A name that ends like a secret's, and a value behind it.
        .. Named("password|passwd|passphrase|passwort", @"(?:password|passwd|passphrase|passwort)"),
        .. Named("pwd", "pwd", isSecret: value => !IsPath(value)),
        .. Named("secret", @"secret(?:_?access)?(?:[_-]?key)?"),
        .. Named("token", @"(?:auth|access|refresh|session|api|bot|security|private|deploy|"
            + @"(?<!next|page|continuation|sync|stop|bos|eos|pad|unk|mask|sep|cls)_)[_-]?token", before: 9, first: "arsbpd_"),
        .. Named(
            "key", @"(?:access|private|account|signing|encryption|subscription|shared|master|api)[_-]?key", before: 13, first: "apsem",
            precededBy: "setngdri_-"),
        .. Named("_key", "_key", isSecret: IsMixed),
        .. Named("credential", "credentials?"),
        .. Named("connection", "connection[_-]?string"),
    ];

    /// <summary>Whether a key of an object names a secret, however it is spelled.</summary>
    public static bool IsSecretKey(string key)
    {
        string name = string.Concat(key.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();
        return SecretKeys.Any(secret => name.EndsWith(secret, StringComparison.Ordinal))
            && !OpenKeys.Any(open => name.EndsWith(open, StringComparison.Ordinal));
    }

    private static IEnumerable<TextShape> Named(
        string literal, string name, int before = 0, string? first = null, string? precededBy = null, Func<string, bool>? isSecret = null)
    {
        // "name": "value", as JSON has it, also where it is escaped within a text.
        yield return New($@"{name}\\?[""']\s*:\s*\\?[""'](?<secret>[^""'\\]{{3,}})", secret => !IsTemplate(secret));

        // NAME=value, as an environment file or a connection string has it, and name: value.
        yield return New($@"{name}=[""']?" + Value, secret => !IsTemplate(secret) && IsAssigned(secret));
        yield return New($@"{name}[""']?(?:\s*:\s*|\s+[=:]\s*|=\s+)[""']?" + Value, IsSecretValue);

        TextShape New(string pattern, Func<string, bool> isValue) => new(
            literal, pattern, value => isValue(value) && isSecret?.Invoke(value) != false, ignoreCase: true, before: before, first: first,
            precededBy: precededBy);
    }

    /// <summary>Whether a text is unlikely to be words: it has letters and digits.</summary>
    private static bool IsMixed(string text) => text.Any(char.IsAsciiDigit) && text.Any(char.IsAsciiLetter);

    /// <summary>Whether a value is a folder: the name pwd has the one of a shell.</summary>
    private static bool IsPath(string value) =>
        value is ['/', ..] or "~" or ['~', '/', ..] or ['.', '/', ..] or ['.', '.', '/', ..] or ['\\', '\\', ..] or [_, ':', '/' or '\\', ..];

    /// <summary>Whether what is assigned without a space is a value, not code such as another name or a call.</summary>
    private static bool IsAssigned(string text) => IsMixed(text) || text.AsSpan().IndexOfAny(CodeOrMember) < 0;

    private static bool IsSecretValue(string text) =>
        !IsTemplate(text) && (IsMixed(text) || text.AsSpan().IndexOfAny(Marks) >= 0) && text.AsSpan().IndexOfAny(Code) < 0;

    /// <summary>Whether a value is only a placeholder: a variable, a template, stars.</summary>
    private static bool IsTemplate(string text) =>
        text[0] is '$' or '{' or '<' or '*' or '%' or '(' or '[' || OpenValues.Contains(text.TrimEnd('.', ')', '`'))
        || text.StartsWith("process.env", StringComparison.Ordinal) || text.StartsWith("os.environ", StringComparison.Ordinal);
}
