namespace Opi.Tests;

/// <summary>Time zones by their IANA ids. Windows without ICU knows only ids of its own.</summary>
internal static class Zones
{
    private static readonly Dictionary<string, string> OnWindows = new()
    {
        ["Africa/Cairo"] = "Egypt Standard Time",
        ["America/New_York"] = "Eastern Standard Time",
        ["America/Sao_Paulo"] = "E. South America Standard Time",
        ["Asia/Beirut"] = "Middle East Standard Time",
        ["Asia/Kathmandu"] = "Nepal Standard Time",
        ["Asia/Kolkata"] = "India Standard Time",
        ["Australia/Lord_Howe"] = "Lord Howe Standard Time",
        ["Europe/Berlin"] = "W. Europe Standard Time",
        ["Pacific/Apia"] = "Samoa Standard Time",
    };

    public static TimeZoneInfo Find(string id) => TimeZoneInfo.FindSystemTimeZoneById(IdOf(id));

    /// <summary>The id by which this system knows the zone.</summary>
    public static string IdOf(string id) => TimeZoneInfo.TryFindSystemTimeZoneById(id, out _) ? id : OnWindows[id];
}
