namespace Opi;

/// <summary>The names that agents have for who speaks.</summary>
internal static class LogRoles
{
    /// <summary>The role for a name. An unknown name is taken for the system's.</summary>
    public static LogRole Of(LogValue role) =>
        role.Is("user"u8) || role.Is("human"u8) ? LogRole.User
        : role.Is("assistant"u8) || role.Is("model"u8) || role.Is("gemini"u8) || role.Is("agent"u8) ? LogRole.Assistant
        : LogRole.System;
}
