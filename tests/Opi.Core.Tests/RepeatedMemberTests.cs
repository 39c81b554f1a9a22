using System.Text;
using System.Text.Json;

namespace Opi.Tests;

/// <summary>JSON may name a member twice in an object: the last one counts, as every reader of it does, and nothing fails on it.</summary>
public sealed class RepeatedMemberTests
{
    private static readonly string Replies = Path.Combine(Repository.Root, "tests", "data", "replies");

    public static TheoryData<string> Files => [.. Directory.GetFiles(Replies, "*.*").Where(path => !path.EndsWith(".md", StringComparison.Ordinal)).Select(path => Path.GetFileName(path)).Order()];

    [Theory]
    [MemberData(nameof(Files))]
    public void A_reply_is_read_and_sent_back_as_if_each_member_were_there_once(string file)
    {
        string text = File.ReadAllText(Path.Combine(Replies, file));
        IReadOnlyList<Message> once = Parse(text), twice = Parse(Twice(text));
        Assert.Equal(once.Select(message => message.Text), twice.Select(message => message.Text));
        foreach (Provider provider in Enum.GetValues<Provider>())
        {
            Assert.Equal(Request(once, provider), Request(twice, provider));
        }
    }

    private static IReadOnlyList<Message> Parse(string json) => ProviderReply.Parse(JsonSerializer.SerializeToElement(json));

    private static string Request(IReadOnlyList<Message> messages, Provider provider) =>
        Once(ProviderRequest.Build([new UserMessage("q", 1), .. messages], provider).Body);

    /// <summary>The same with each member of each object before itself once more, as null, so that the first one must not count.</summary>
    private static string Twice(string reply) => reply.StartsWith('{')
        ? TwiceInside(reply)
        : string.Join('\n', reply.Split('\n').Select(line => line.StartsWith("data: {", StringComparison.Ordinal) ? $"data: {TwiceInside(line[6..])}" : line));

    private static string TwiceInside(string json)
    {
        using var document = JsonDocument.Parse(json);
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { SkipValidation = true }))
        {
            WriteTwice(document.RootElement, writer);
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    /// <summary>Of members with one name the last, so that texts that are sent as they came can be compared.</summary>
    private static string Once(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "{" + string.Join(',', value.EnumerateObject().GroupBy(member => member.Name)
            .Select(group => (group.Key, Value: Once(group.Last().Value))).OrderBy(member => member.Key, StringComparer.Ordinal)
            .Select(member => $"{member.Key}:{member.Value}")) + "}",
        JsonValueKind.Array => "[" + string.Join(',', value.EnumerateArray().Select(Once)) + "]",
        JsonValueKind.String when Embedded(value.GetString()!) is { } inner => Once(inner),
        _ => value.ToString(),
    };

    private static JsonElement? Embedded(string text) =>
        text.StartsWith('{') && ReplyJson.TryParse(text) is { ValueKind: JsonValueKind.Object } inner ? inner : null;

    private static void WriteTwice(JsonElement value, Utf8JsonWriter writer)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (JsonProperty member in value.EnumerateObject())
                {
                    writer.WriteNull(member.Name);
                    writer.WritePropertyName(member.Name);
                    WriteTwice(member.Value, writer);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (JsonElement item in value.EnumerateArray())
                {
                    WriteTwice(item, writer);
                }

                writer.WriteEndArray();
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }
}
