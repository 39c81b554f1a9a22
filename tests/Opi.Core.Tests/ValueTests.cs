using System.Collections;
using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Opi.Tests;

/// <summary>A record says that it is equal by value, so it must be, also where it holds a list, JSON or bytes.</summary>
public class ValueTests
{
    public static TheoryData<Type> Records => [.. typeof(OpiSession).Assembly.GetExportedTypes().Where(IsRecord)];

    [Theory]
    [MemberData(nameof(Records))]
    public void A_record_holds_nothing_that_is_equal_by_reference_only(Type type)
    {
        if (type.GetMethod(nameof(Equals), [type])!.GetCustomAttribute<CompilerGeneratedAttribute>() is null)
        {
            return; // written by hand
        }

        const BindingFlags Own = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        Assert.All(type.GetFields(Own), field => Assert.False(
            IsByReference(Nullable.GetUnderlyingType(field.FieldType) ?? field.FieldType), $"{type.Name}.{field.Name} is a {field.FieldType.Name}"));
    }

    [Fact]
    public void Messages_of_the_same_content_are_equal()
    {
        Assert.Equal(Messages(), Messages());
        Assert.Equal(Messages().Select(message => message.GetHashCode()), Messages().Select(message => message.GetHashCode()));
        Assert.Equal(Messages().Length, Messages().Concat(Messages()).Distinct().Count());
    }

    [Fact]
    public void Another_content_is_another_message()
    {
        Assert.NotEqual(new UserMessage("a", 1), new UserMessage("b", 1));
        Assert.NotEqual(new UserMessage("a", 1), new UserMessage("a", 2));
        Assert.NotEqual<AgentMessage>(new CustomMessage("k", Json("[1]"), true), new CustomMessage("k", Json("[2]"), true));
        Assert.NotEqual(ImageSource.FromBytes(new byte[] { 1, 2 }), ImageSource.FromBytes(new byte[] { 1, 3 }));
        Assert.NotEqual(new SessionUpdate { AddLabels = ["a", "b"] }, new SessionUpdate { AddLabels = ["b", "a"] });
        Assert.Equal(new SessionUpdate { AddLabels = ["a", "b"] }, new SessionUpdate { AddLabels = new List<string> { "a", "b" } });
        Assert.Equal(new UsageQuery(), new UsageQuery { Sources = [UsageSource.Opi], SessionModels = new Dictionary<string, string>() });
        Assert.NotEqual(new UsageQuery(), new UsageQuery { SessionModels = new Dictionary<string, string> { ["s"] = "m" } });
    }

    [Fact]
    public void An_unknown_usage_is_not_a_usage_of_zero()
    {
        Assert.NotEqual(Usage.Unknown, new Usage(0, 0));
        Assert.False(Usage.Unknown.IsKnown);
        Assert.True(new Usage(0, 0).IsKnown);
        Assert.Equal(Usage.Unknown, Usage.Unknown + Usage.Unknown);
        Assert.Equal(new Usage(0, 0), Usage.Unknown + new Usage(0, 0));
        Assert.Equal(new Usage(3, 4), Usage.Unknown + new Usage(3, 4));
    }

    [Fact]
    public void Thinking_levels_are_in_their_order()
    {
        string[] order = ["none", "minimal", "low", "medium", "high", "xhigh", "max"];
        Assert.Equal(order, Enum.GetValues<ThinkingLevel>().Order().Select(EntryWire.LevelName));
        Assert.All(Enum.GetValues<ThinkingLevel>(), level =>
        {
            using var folder = new TempFolder();
            using OpiSession session = Make.Session(folder);
            session.Update(new SessionUpdate { ThinkingLevel = level });
            Assert.Equal(level, session.ThinkingLevel);
            Assert.Contains($"\"level\":\"{order[(int)level]}\"", SharedText.ReadAllText(session.Path), StringComparison.Ordinal);
            Assert.Equal(level, OpiSessionInfo.Read(session.Path).ThinkingLevel);
        });
    }

    private static AgentMessage[] Messages() =>
    [
        new UserMessage("a", 1),
        new UserMessage([new TextContent("a"), new ImageContent(ImageSource.FromBytes(new byte[] { 1, 2 }), "image/png")], 1),
        new SystemMessage("a", 1),
        new AssistantMessage([new ThinkingContent("t"), new TextContent("a"), new ToolCallContent("c", "ls", "{}")], "openai", "gpt-5", 1)
        {
            Usage = new Usage(1, 2) { Billing = new BillingDetails { Fees = [new BilledFee("f", 1)] } },
        },
        new ToolResultMessage("c", "ls", [new TextContent("done")], 1) { Details = Json("""{"a":[1]}""") },
        new CustomMessage("k", Json("[1]"), true),
    ];

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;

    private static bool IsRecord(Type type) => type.IsClass && type.GetMethod("<Clone>$") is not null;

    private static bool IsByReference(Type type) =>
        type == typeof(JsonElement)
        || (type.IsGenericType && (type.GetGenericTypeDefinition() == typeof(ImmutableArray<>) || type.GetGenericTypeDefinition() == typeof(ReadOnlyMemory<>)))
        || (type != typeof(string) && typeof(IEnumerable).IsAssignableFrom(type))
        || type.IsSubclassOf(typeof(JsonDocument)) || (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Lazy<>));
}
