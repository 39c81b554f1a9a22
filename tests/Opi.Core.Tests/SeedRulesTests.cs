using System.Text.Json;

namespace Opi.Tests;

/// <summary>What Opi writes, read by the rules of the oldest opi.</summary>
public class SeedRulesTests
{
    public static TheoryData<string> Scenarios => [.. Golden.Cases("s*")];

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void A_replayed_scenario_is_read_by_the_seeds_rules_as_by_Opi(string name)
    {
        using var folder = new TempFolder();
        JsonElement scenario = Golden.Scenario(name);
        using SessionCoordinator session = Golden.Start(scenario, folder);
        Assert.NotEmpty(Golden.Replay(scenario, session).ToList());
        if (name == "s08c-leaf-unknown")
        {
            Assert.Empty(SeedReader.Read(session.SessionPath).Context); // the seed's fault 2: the leaf to nothing hides all
            return;
        }

        AssertSame(session);
    }

    [Fact]
    public void Random_sessions_are_read_by_the_seeds_rules_as_by_Opi()
    {
        var random = new Random(12);
        int compactions = 0, switches = 0;
        for (int round = 0; round < 60; round++)
        {
            using var folder = new TempFolder();
            SessionCoordinator session = Make.Coordinator(folder);
            for (int step = 0; step < 15; step++)
            {
                switch (random.Next(6))
                {
                    case 0:
                        compactions += session.ExecuteCompaction(CompactionReason.Manual) is null ? 0 : 1;
                        break;
                    case 1 when round % 2 == 0 && session.Index.Where(entry => entry.IsContent).ToList() is { Count: > 0 } content:
                        session.AppendLeaf(content[random.Next(content.Count)].Id);
                        switches++;
                        break;
                    case 2:
                        session.Dispose();
                        session = SessionCoordinator.OpenExisting(session.SessionPath, Make.Never, durability: Durability.Buffered);
                        break;
                    default:
                        session.OnTurnEndSimple(Turn(random, step), new Usage(2, 2));
                        break;
                }

                AssertSame(session);
            }

            session.Dispose();
        }

        Assert.True(compactions > 50 && switches > 50);
    }

    private static AgentMessage[] Turn(Random random, int step) => random.Next(3) switch
    {
        0 => [Make.User($"prompt {step} é\n\"")],
        1 => [Make.User($"prompt {step}"), Make.Assistant($"answer {step}", new Usage(2, 2))],
        _ => [Make.User($"prompt {step}"), Make.Calls($"c{step}", $"d{step}"), Make.Result($"c{step}"), Make.Result($"d{step}"), Make.Assistant("", new Usage(0, 0))],
    };

    /// <summary>The seed's reading, Opi's reading and the session in memory agree.</summary>
    private static void AssertSame(SessionCoordinator session)
    {
        (string[] seed, int corrupt) = SeedReader.Read(session.SessionPath);
        using SessionReader reader = SessionReader.Open(session.SessionPath);
        string[] opi = [.. reader.ReadContext().Messages.Select(Show)];
        Assert.Equal(0, corrupt);
        Assert.Equal(opi, seed);
        Assert.Equal(opi, session.ReadContext().Select(Show));
    }

    private static string Show(AgentMessage message) => $"{message.Role}: {message.Text}";
}
