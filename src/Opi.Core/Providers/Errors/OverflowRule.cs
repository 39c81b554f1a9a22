namespace Opi;

/// <summary>How a server says that the context is too long.</summary>
/// <param name="Server">Whose words they are.</param>
/// <param name="Codes">Codes or types that say it without regard to the words.</param>
/// <param name="Sentences">
/// How its sentence begins, as a pattern. # stands for a figure; the groups limit, requested and more are figures in tokens. Quotation marks
/// around single words are left out before.
/// </param>
internal sealed record OverflowRule(string Server, string[] Codes, params string[] Sentences);
