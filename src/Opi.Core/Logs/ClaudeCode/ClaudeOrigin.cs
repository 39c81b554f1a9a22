namespace Opi;

/// <summary>Where responses are from and which model gave them. In a log many that follow each other have the same.</summary>
/// <param name="SessionId">The session.</param>
/// <param name="Project">The folder the agent worked in.</param>
/// <param name="Path">The file.</param>
/// <param name="Model">The model.</param>
/// <param name="Provider">Who was asked.</param>
internal sealed record ClaudeOrigin(string? SessionId, string? Project, string? Path, string? Model, string? Provider)
{
    /// <summary>The origin of a draft.</summary>
    public static ClaudeOrigin Of(ClaudeDraft draft) => new(draft.SessionId, draft.Project, draft.Path, draft.Model, draft.Provider);

    /// <summary>Whether a draft has the very same texts.</summary>
    public bool IsOf(ClaudeDraft draft) =>
        ReferenceEquals(SessionId, draft.SessionId) && ReferenceEquals(Project, draft.Project) && ReferenceEquals(Path, draft.Path)
        && ReferenceEquals(Model, draft.Model) && ReferenceEquals(Provider, draft.Provider);
}
