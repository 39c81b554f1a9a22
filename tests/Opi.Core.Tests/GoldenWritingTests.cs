using System.Text.Json;
using System.Text.Json.Nodes;

namespace Opi.Tests;

/// <summary>Replays the golden scenarios and compares the file and the state after each step with what the seed wrote.</summary>
public class GoldenWritingTests
{
    public static TheoryData<string> Cases => [.. Golden.Cases("s*")];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Replaying_a_scenario_gives_the_golden_file_and_states(string name)
    {
        using var folder = new TempFolder();
        JsonElement scenario = Golden.Scenario(name);
        JsonNode[] expected = Golden.Objects(name, "run.out");
        var differences = new List<string>();
        string path;
        using (SessionCoordinator session = Golden.Start(scenario, folder))
        {
            path = session.SessionPath;
            int step = 0;
            foreach ((string kind, OpiCompactionResult? compacted) in Golden.Replay(scenario, session))
            {
                var state = new JsonObject
                {
                    ["step"] = step,
                    ["kind"] = kind,
                    ["compacted"] = Golden.CompactedOf(compacted),
                    ["usage"] = Golden.UsageOf(session),
                    ["turns"] = session.Usage.Turns,
                    ["entries"] = Golden.Ids(session.CompactionEntries.Select(entry => entry.Id)),
                    ["cost_summary"] = Golden.CostOf(session.CostSummary()),
                };
                differences.AddRange(Golden.Differences($"run[{step}]", expected[step], state));
                step++;
            }

            Assert.Equal(expected.Length, step);
        }

        Assert.Equal(GoldenDifferences.Of(name, "run"), differences);
        Assert.Equal(GoldenDifferences.FileOf(name), Golden.Normalised(path));
    }
}
