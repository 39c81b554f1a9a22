namespace Opi;

/// <summary>The texts that the messages of a session have in common, each kept once.</summary>
internal sealed class OpenCodeTexts
{
    public LastText Model = new();
    public LastText Provider = new();
    public LastText Folder = new();
}
