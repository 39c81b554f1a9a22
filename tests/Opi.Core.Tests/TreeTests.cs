namespace Opi.Tests;

/// <summary>Which entries are active, and the context they leave. The numbers are those of the reference's test cases.</summary>
public class TreeTests
{
    /// <summary>
    /// Entries as <c>id&lt;parent</c> (a message), <c>cmp-n&lt;parent:first kept</c>, <c>info-n&lt;parent</c> or <c>leaf-n:target</c>; the
    /// active branch; the texts of the context (a message's text is its id).
    /// </summary>
    [Theory]
    [InlineData("", "", "")] // 93
    [InlineData("m1 m2<m1 m3<m2", "m1 m2 m3", "m1 m2 m3")] // 92
    [InlineData("m1 m2a<m1 m2b<m1 leaf-1:m2a leaf-2:m2b", "m1 m2b", "m1 m2b")] // 94
    [InlineData("m1 m2<m1 m3<m2 m4<m3 cmp-1<m4:m4 m5<cmp-1 m6<m5", "m1 m2 m3 m4 cmp-1 m5 m6", "SUM:cmp-1 m4 m5 m6")] // 95
    [InlineData("m1 cmp-1<m1:m1 m2<cmp-1 cmp-2<m2:m2 m3<cmp-2", "m1 cmp-1 m2 cmp-2 m3", "SUM:cmp-2 m2 m3")] // 96
    [InlineData("m1 cmp-1:missing m2", "m1 cmp-1 m2", "SUM:cmp-1 m2")] // 97
    [InlineData("m1 cmp-1<m1:missing m2<cmp-1", "m1 cmp-1 m2", "SUM:cmp-1 m2")] // 97: the seed's algorithm (departure 10)
    [InlineData("m1 m2 cmp-1:m2 m3", "m1 m2 cmp-1 m3", "SUM:cmp-1 m2 m3")] // 98
    [InlineData("old kept<old sibling<old cmp-1<kept:kept post<cmp-1 leaf-1:post", "old kept cmp-1 post", "SUM:cmp-1 kept post")] // 99
    [InlineData("m1 m2<m1 info-1<m2 m3<info-1", "m1 m2 m3", "m1 m2 m3")] // a parent may be metadata
    [InlineData("m1 leaf-1:nope", "m1", "m1")] // 109
    [InlineData("m1 m2<m1 leaf-1:m1 leaf-2:nope", "m1", "m1")] // 109: the newest leaf that points to something
    [InlineData("m1 info-1<m1 leaf-1:info-1", "m1", "m1")] // a leaf must point to content
    [InlineData("m1 m2<m1 leaf-7:m2 leaf-9:leaf-7", "m1 m2", "m1 m2")]
    [InlineData("m1<m2 m2<m1 leaf-1:m2", "m1 m2", "m1 m2")] // 110
    [InlineData("m1<m1 leaf-1:m1", "m1", "m1")]
    [InlineData("m1<m2 m2<m1", "m1 m2", "m1 m2")] // 110: no root, no leaf
    [InlineData("m1 m2<m1 m3<m2 m2<m3 leaf-1:m3", "m2 m3", "m2 m3")] // 31 of the known bugs: of equal ids the later one counts
    [InlineData("leaf-1:x leaf-2:y", "", "")] // 110
    [InlineData("m1 m2<m1 m3<ghost leaf-1:m3", "m3", "m3")] // 105
    [InlineData("m1 m2 m3<m2", "m1 m2 m3", "m1 m2 m3")] // a session of the seed that a later version went on with
    [InlineData("m1 m2<m1 m3<m1", "m1 m3", "m1 m3")] // no leaf, a fork: the branch of the last one
    public void The_active_branch_and_its_context(string entries, string branch, string context)
    {
        using var folder = new TempFolder();
        using SessionReader reader = SessionReader.Open(folder.Write(Make.File([.. entries.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Line)])));
        Assert.Equal("", reader.Recovery.ToString());
        Assert.Equal(branch, string.Join(' ', reader.Tree.ActiveBranch.Select(entry => entry.Id)));
        Assert.Equal(reader.Tree.ActiveTip?.Id ?? "", branch.Split(' ')[^1]);
        Assert.Equal(context, string.Join(' ', reader.ReadContext().Messages.Select(message => message.Text)));
    }

    [Fact]
    public void The_active_branch_is_found_by_passing_each_entry_once_at_most()
    {
        const int Stem = 50, Forks = 100;
        IEnumerable<string> entries =
        [
            "m1",
            .. Enumerable.Range(2, Stem - 1).Select(i => $"m{i}<m{i - 1}"),
            .. Enumerable.Range(0, Forks).SelectMany(i => new[] { $"m{1000 + (2 * i)}<m{Stem}", $"m{1001 + (2 * i)}<m{1000 + (2 * i)}" }),
            $"leaf-9999:m{1000 + (2 * (Forks - 1))}", // inside the last stretch, before its tip
        ];
        using var folder = new TempFolder();
        using SessionReader reader = SessionReader.Open(folder.Write(Make.File([.. entries.Select(Line)])));

        OpiBranch active = Assert.Single(reader.ReadBranches(), branch => branch.Active);

        Assert.Equal(($"m{1001 + (2 * (Forks - 1))}", $"m{1000 + (2 * (Forks - 1))}"), (active.EntryId, active.ActiveEntryId));
        Assert.InRange(reader.Tree.EntriesPassed, 1, Stem + (2 * Forks));
    }

    [Theory]
    [InlineData("m1 m2<m1", "")]
    [InlineData("m1 m2<m1 leaf-1:m2", "")]
    [InlineData("m1 leaf-1:nope leaf-2:nope", "LeafTargetMissing leaf-2")] // the newest one is named
    [InlineData("m1 m2<m1 leaf-1:m1 leaf-2:nope", "LeafTargetMissing leaf-2")]
    [InlineData("m1<m2 m2<m1 leaf-1:m2", "Cycle m2")]
    [InlineData("m1 m2<ghost leaf-1:m2", "ParentMissing m2")] // 105
    public void What_was_worked_around_is_reported(string entries, string warnings)
    {
        using var folder = new TempFolder();
        using SessionReader reader = SessionReader.Open(folder.Write(Make.File([.. entries.Split(' ').Select(Line)])));
        Assert.Equal(warnings, string.Join(", ", reader.Tree.Warnings.Select(warning => $"{warning.Code} {warning.EntryId}")));
        Assert.All(reader.Tree.Warnings, warning => Assert.Contains($"'{warning.EntryId}'", warning.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("m1 m2<m1", false)]
    [InlineData("m1 leaf-1:nope", false)]
    [InlineData("m1 leaf-1:m1", true)]
    public void Whether_a_leaf_decides(string entries, bool expected)
    {
        using var folder = new TempFolder();
        using SessionReader reader = SessionReader.Open(folder.Write(Make.File([.. entries.Split(' ').Select(Line)])));
        Assert.Equal(expected, reader.Tree.HasLeaf);
    }

    [Fact] // 104: a label or a name of another branch is not this branch's
    public void Usage_counts_the_active_branch_and_what_was_compacted_on_it()
    {
        using var folder = new TempFolder();
        using SessionReader reader = SessionReader.Open(folder.Write(Make.File(
            Make.UserLine("m1"),
            Make.AnswerLine("m2", "m1", new Usage(1, 2, 3, 4)),
            Make.AnswerLine("other", "m1", new Usage(100, 100)),
            Make.CompactionLine("cmp-1", "m2", "m2"),
            Make.UserLine("m3", "cmp-1"),
            Make.AnswerLine("m4", "m3", Usage.Unknown),
            Make.LeafLine("leaf-1", "m4"))));
        Assert.Equal(new CumulativeUsage(1, 2, 3, 4, 2, 1), reader.ReadContext().Usage);
    }

    private static string Line(string entry)
    {
        string[] parts = entry.Split(':');
        string[] ids = parts[0].Split('<');
        string? parent = ids.Length > 1 ? ids[1] : null;
        return ids[0].Split('-')[0] switch
        {
            "leaf" => Make.Line(new LeafEntry(ids[0], parent, "t", parts[1])),
            "cmp" => Make.CompactionLine(ids[0], parent, parts[1], "SUM:" + ids[0]),
            "info" => Make.Line(new SessionInfoEntry(ids[0], parent, "t", "name")),
            _ => Make.UserLine(ids[0], parent, ids[0]),
        };
    }
}
