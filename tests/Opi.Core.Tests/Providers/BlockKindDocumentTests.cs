namespace Opi.Tests;

/// <summary>docs/providers.md has the tables of what becomes of each kind of block, as the code's own data has them.</summary>
public sealed class BlockKindDocumentTests
{
    private const string Head = "| kind | kept as | sent back | others get |\n|---|---|---|---|\n";

    public static TheoryData<string> Shapes => [.. ProviderShape.All.Select(shape => shape.DataName)];

    [Theory]
    [MemberData(nameof(Shapes))]
    public void The_table_of_a_provider_is_the_code_s(string name)
    {
        ProviderShape shape = ProviderShape.All.Single(known => known.DataName == name);
        string table = Head + string.Concat(shape.Kinds.Select(
            kind => $"| {Cell(kind.Kind)} | {Cell(kind.Kept)} | {Cell(kind.SentBack)} | {Cell(kind.StandIn)} |\n"));
        string document = File.ReadAllText(Path.Combine(Repository.Root, "docs", "providers.md")).ReplaceLineEndings("\n");

        Assert.True(document.Contains(table, StringComparison.Ordinal), $"The table of {name} has to be:\n{table}");
    }

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
