namespace Opi;

/// <summary>What the secrets of further issuers look like, by the prefix or the mark that the issuer documents so that scanners find them.</summary>
internal static class IssuerShapes
{
    private const string Hexes = "0123456789abcdef";
    private const string Uuid = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
    private const string Words = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    /// <summary>The shapes.</summary>
    public static IReadOnlyList<TextShape> All { get; } =
    [
        // Model providers and what is used beside them.
        new("tgp_v1_", @"\btgp_v1_[A-Za-z0-9_-]{30,}"),
        new("ABSK", @"\bABSK[A-Za-z0-9+/]{60,}={0,2}"),
        new("AQ.Ab", @"\bAQ\.Ab[A-Za-z0-9_-]{30,}"),
        new("pcsk_", @"\bpcsk_[A-Za-z0-9_]{40,}"),
        new("jina_", @"\bjina_[A-Za-z0-9]{40,}"),
        new("fc-", @"\bfc-[0-9a-f]{32}\b"),
        new("sk_", @"\bsk_[0-9a-f]{40,64}\b"),

        // Clouds and where programs are deployed.
        new("1//0", @"\b1//0[A-Za-z0-9_-]{30,}"),
        new("AZDO", @"\b[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4}\b", before: 76, first: Words),
        new("JQQJ9", @"\b[A-Za-z0-9]{52}JQQJ9[A-Za-z0-9]{27}\b", before: 52, first: Words),
        new("LTAI", @"\bLTAI[A-Za-z0-9]{12,20}\b"),
        new("dose", @"\bdose[0-9a-f]{32}\b"),
        new("cfk_|cfut_|cfat_", @"\bcf(?:k|ut|at)_[A-Za-z0-9]{40,}"),
        new("v1.0-", @"\bv1\.0-[0-9a-f]{24}-[0-9a-f]{140,}"),
        new("vcp_|vci_|vca_|vcr_|vck_", @"\bvc[piark]_[A-Za-z0-9]{24,}"),
        new("nfp_|nfc_|nfo_|nfu_|nfb_", @"\bnf[pcoub]_[A-Za-z0-9]{36,}"),
        new("sbp_|sb_secret_", @"\b(?:sbp_[0-9a-f]{40}|sb_secret_[A-Za-z0-9_-]{20,})"),
        new(":APA91b", @"\bAAAA[A-Za-z0-9_-]{7}:APA91b[A-Za-z0-9_-]{100,}", before: 11, first: "A"),
        new("fm2_", @"\bfm2_[A-Za-z0-9+/_=-]{60,}"),
        new("pul-", @"\bpul-[0-9a-f]{40}\b"),
        new(".atlasv1.", @"\b[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_-]{40,}", before: 14, first: Words),
        new("pscale_", @"\bpscale_(?:tkn|pw|oauth)_[A-Za-z0-9_.-]{30,}"),
        new("sha256~", @"\bsha256~[A-Za-z0-9_-]{43}"),
        new("tskey-", @"\btskey-[a-z]{3,10}-[A-Za-z0-9-]{16,}"),
        new("dp.", @"\bdp\.(?:pt|st|ct|sa|scim|audit)\.(?:[a-z0-9_-]{2,35}\.)?[A-Za-z0-9]{40,44}\b"),
        new("ops_eyJ", @"\bops_eyJ[A-Za-z0-9+/=_-]{100,}"),

        // What watches, builds and stores programs.
        new("glc_", @"\bglc_[A-Za-z0-9+/]{30,}={0,2}"),
        new("NRAK-", @"\bNRAK-[A-Z0-9]{27}\b"),
        new("NRAL", @"\b[0-9a-f]{36}NRAL\b", before: 36, first: Hexes),
        new("dt0", @"\bdt0[a-z]\d\d\.[A-Z0-9]{24}\.[A-Z0-9]{64}\b"),
        new("sqp_|squ_|sqa_", @"\bsq[pua]_[0-9a-f]{40}\b"),
        new("PMAK-", @"\bPMAK-[0-9a-f]{24}-[0-9a-f]{34}\b"),
        new("CCIPAT_|CCIPRJ_", @"\bCCIP(?:AT|RJ)_[A-Za-z0-9]{16,}_[0-9a-f]{40}\b"),
        new("AKCp", @"\bAKCp[A-Za-z0-9]{60,}"),
        new("cio", @"\bcio[A-Za-z0-9]{32}\b", IsMixed),
        new("oy2", @"\boy2[a-z0-9]{43}\b"),
        new("API-", @"\bAPI-[A-Z0-9]{25,32}\b", IsMixed),
        new("ATBB|ATCTT3", @"\b(?:ATBB[A-Za-z0-9]{24,}|ATCTT3[A-Za-z0-9_=-]{20,})"),

        // Services.
        new("secret_", @"\bsecret_[A-Za-z0-9]{43}\b", IsMixed),
        new("-us", @"\b[0-9a-f]{32}-us\d{1,2}\b", before: 32, first: Hexes),
        new("xkeysib-|xsmtpsib-", @"\bx(?:key|smtp)sib-[0-9a-f]{64}-[A-Za-z0-9]{16}\b"),
        new("sq0", @"\bsq0[a-z]{3}-[A-Za-z0-9_-]{22,}"),
        new("pat", @"\bpat[A-Za-z0-9]{14}\.[0-9a-f]{64}\b"),
        new("pat-", $@"\bpat-[a-z]{{2}}\d-{Uuid}\b"),
        new("sl.", @"\bsl\.(?:u\.)?[A-Za-z0-9_-]{100,}"),
        new("CFPAT-", @"\bCFPAT-[A-Za-z0-9_-]{40,}"),
        new("access_token$", @"\baccess_token\$(?:production|sandbox)\$[a-z0-9]{16}\$[0-9a-f]{32}\b"),
        new("access-", $@"\baccess-(?:sandbox|development|production)-{Uuid}\b"),
        new("lin_oauth_", @"\blin_oauth_[A-Za-z0-9]{30,}"),
        new("sk.eyJ", @"\bsk\.eyJ[A-Za-z0-9_-]{20,}\.[A-Za-z0-9_-]{16,}"),
        new("tfp_", @"\btfp_[A-Za-z0-9_.-]{40,}"),
    ];

    private static bool IsMixed(string text) => text.Any(char.IsAsciiDigit) && text.Any(char.IsAsciiLetter);
}
