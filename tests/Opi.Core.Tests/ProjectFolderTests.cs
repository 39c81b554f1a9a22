namespace Opi.Tests;

public sealed class ProjectFolderTests
{
    [Theory]
    [InlineData(@"c:\x\proj", @"C:\x\proj")]
    [InlineData(@"C:\x\proj", @"C:\x\proj")]
    [InlineData("c:/x/proj", @"C:\x\proj")]
    [InlineData(@"C:\x\proj\", @"C:\x\proj")]
    [InlineData(@"c:\", @"C:\")]
    [InlineData("D:/", @"D:\")]
    [InlineData("/home/me/Proj/", "/home/me/Proj/")]
    [InlineData(@"\\server\share\proj", @"\\server\share\proj")]
    [InlineData(@"/x/a\b", @"/x/a\b")]
    [InlineData("c:", "c:")]
    [InlineData("c:proj", "c:proj")]
    [InlineData("1:/x", "1:/x")]
    [InlineData("", "")]
    [InlineData(null, null)]
    public void A_folder_of_a_drive_has_one_spelling_and_others_keep_theirs(string? written, string? plain)
    {
        Assert.Equal(plain, new OpiUsage { Project = written }.Project);
        Assert.Equal(plain, new IdleTurn("s", 1, null, written).Project);
    }

    [Fact]
    public void Spellings_of_one_folder_are_one_group_and_one_filter_takes_them()
    {
        var groups = new CostGroups([CostGrouping.Project], TimeZoneInfo.Utc, PricingCatalog.Default);
        string[] spellings = [@"c:\x\Proj", @"C:\x\Proj", "C:/x/Proj", @"c:\x\Proj\"];
        foreach (string spelling in spellings)
        {
            groups.Add(new OpiUsage { Project = spelling, InputTokens = 1 });
        }

        CostGroup row = Assert.Single(groups.ToRows());
        Assert.Equal(@"C:\x\Proj", row.Keys[0]);
        Assert.All(spellings, pattern => Assert.True(new ProjectFilter([pattern]).Takes(@"C:\x\Proj")));
    }
}
