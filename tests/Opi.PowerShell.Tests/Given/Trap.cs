namespace Opi.PowerShell.Tests;

/// <summary>An object of a library that nobody knows. It notes whatever is run of it.</summary>
public sealed class Trap
{
    private readonly List<string> _run = [];

    /// <summary>What was run, in order. A field, so that reading it runs nothing.</summary>
    public IReadOnlyList<string> Run => _run;

    public string Id => Note("Id");

    public string Name => Note("Name");

    public string Content => Note("Content");

    public string Text => Note("Text");

    public string StopReason => Note("StopReason");

    public string Model => Note("Model");

    public override string ToString() => Note("ToString");

    private string Note(string member)
    {
        _run.Add(member);
        throw new InvalidOperationException($"{member} was run");
    }
}
