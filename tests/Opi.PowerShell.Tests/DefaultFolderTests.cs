namespace Opi.PowerShell.Tests;

/// <summary>The environment belongs to the whole process, so these tests run alone.</summary>
[CollectionDefinition(nameof(Environment), DisableParallelization = true)]
public sealed class EnvironmentTests;

[Collection(nameof(Environment))]
public sealed class DefaultFolderTests : EngineTest
{
    private const string Variable = "OPI_SESSIONS_DIR";

    [Theory]
    [InlineData("Get-OpiSession")]
    [InlineData("Get-OpiSession -Latest")]
    [InlineData("Get-OpiSession $id")]
    [InlineData("Get-OpiEntry $id")]
    [InlineData("Get-OpiContext $id")]
    [InlineData("Get-OpiCost")]
    [InlineData("Get-OpiCost $id")]
    [InlineData("Add-OpiTurn $id -User q")]
    [InlineData("Invoke-OpiCompaction $id")]
    [InlineData("Resume-OpiSession $id")]
    [InlineData("Resume-OpiSession -Latest")]
    public void OPI_SESSIONS_DIR_is_where_sessions_are_looked_for(string script)
    {
        Engine.Set("id", StoredSession());

        With(Variable, Folder, () => Assert.NotEmpty(Engine.Run(script).WithoutErrors().Output));
    }

    [Fact]
    public void OPI_SESSIONS_DIR_is_where_sessions_are_created() => With(Variable, Path.Combine(Folder, "new"), () =>
        Assert.StartsWith(Path.Combine(Folder, "new"), Engine.One<OpiSession>("New-OpiSession").Path, StringComparison.Ordinal));

    [Fact]
    public void A_parameter_goes_before_OPI_SESSIONS_DIR() => With(Variable, Path.Combine(Folder, "no"), () =>
        Assert.StartsWith(Path.Combine(Folder, "yes"), Engine.One<OpiSession>("New-OpiSession -Path \"$folder/yes\"").Path, StringComparison.Ordinal));

    [Fact]
    public void Without_it_opis_folder_is_used()
    {
        string home = OperatingSystem.IsWindows() ? "LOCALAPPDATA" : "HOME";
        string below = OperatingSystem.IsWindows() ? Path.Combine("opi", "sessions") : Path.Combine(".local", "share", "opi", "sessions");

        With(Variable, null, () => With(home, Folder, () =>
            Assert.StartsWith(Path.Combine(Folder, below), Engine.One<OpiSession>("New-OpiSession").Path, StringComparison.Ordinal)));
    }

    [Fact]
    public void Completion_looks_there_too()
    {
        string id = StoredSession();

        With(Variable, Folder, () => Assert.Equal(id, Assert.Single(Engine.Complete("Get-OpiEntry ")).CompletionText));
    }

    [Fact]
    public void An_unknown_id_names_that_folder() => With(Variable, Folder, () =>
        Assert.Contains(Folder, Assert.Single(Engine.Run("Get-OpiEntry nobody").Errors).Exception.Message, StringComparison.Ordinal));

    private static void With(string variable, string? value, Action test)
    {
        string? before = Environment.GetEnvironmentVariable(variable);
        try
        {
            Environment.SetEnvironmentVariable(variable, value);
            test();
        }
        finally
        {
            Environment.SetEnvironmentVariable(variable, before);
        }
    }
}
