using System.Text.Json;

namespace Opi.Tests;

public sealed class FormatVersion2Tests : IDisposable
{
    private const string Binding = "\"runtime_input_binding\":{\"kind\":\"direct_runtime_input\",\"digest\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\",\"assembly_source\":\"test.session\"}";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // 38
    [Fact]
    public void Reads_an_enveloped_entry()
    {
        using SessionReader reader = SessionReader.Open(Write(Envelope(Make.UserLine("msg-1"))));
        Assert.Equal((2, "test.session"), (reader.Header.Version, reader.Header.RuntimeInputBinding!.AssemblySource));
        Assert.Equal("hi", reader.ReadMessage(Assert.Single(reader.Entries)).Text);
        Assert.True(reader.Recovery.IsClean);
    }

    [Fact]
    public void A_session_goes_on_in_the_version_of_its_file_with_sorted_keys()
    {
        string path;
        using (OpiSession session = OpiSession.Create(_folder.Path, Make.Options() with { FormatVersion = 2 }))
        {
            path = session.Path;
            session.AddTurn([Make.User("q"), Make.Assistant("a", new Usage(1, 2))]);
        }

        using (OpiSession session = OpiSession.Resume(path, Make.Options()))
        {
            session.AddTurn([Make.User("q2"), Make.Assistant("a2", new Usage(1, 2))]);
            session.Compact();
            Assert.Equal(6, session.Usage.TotalTokens);
        }

        foreach (string line in SharedText.ReadAllLines(path).Skip(1))
        {
            using JsonDocument envelope = JsonDocument.Parse(line);
            Assert.Equal(["type", "classification", "entry"], envelope.RootElement.EnumerateObject().Select(member => member.Name));
            Assert.Equal("required", envelope.RootElement.GetProperty("classification").GetString());
            AssertSorted(envelope.RootElement.GetProperty("entry"));
        }

        Assert.Empty(SessionChecker.Check(path));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Signatures_are_kept_in_either_version(int version)
    {
        IAssistantContent[] content =
        [
            new ThinkingContent("hm") { Id = "rs_1", Signature = "c2ln" }, new ThinkingContent("") { EncryptedContent = "ZW5j" }, new ToolCallContent("c", "f", "{}") { Signature = "Yw==" },
        ];
        string path;
        using (OpiSession session = OpiSession.Create(_folder.Path, Make.Options() with { FormatVersion = version }))
        {
            path = session.Path;
            session.AddTurn([Make.User("q"), new AssistantMessage(content, "p", "m", 1), Make.Result("c")]);
        }

        using SessionReader reader = SessionReader.Open(path);
        Assert.Equal(content, ((AssistantMessage)reader.ReadContext().Messages.ElementAt(1)).Content.ToArray());
        Assert.Empty(SessionChecker.Check(path));
    }

    [Fact]
    public void The_binding_is_over_id_folder_and_model()
    {
        RuntimeInputBinding binding = RuntimeInputBinding.Create("id", "/repo", "a:b");
        Assert.Equal(Convert.ToHexString(System.Security.Cryptography.SHA256.HashData("id\n/repo\na:b\n"u8)).ToLowerInvariant(), binding.Digest);
        Assert.NotEqual(binding.Digest, RuntimeInputBinding.Create("id", "/repo", null).Digest);
    }

    // 39, 40, 41 and the rules of section 2
    [Theory]
    [InlineData("""{not valid json}""", "byte")]
    [InlineData("""{"type":"message"}""", "expected an envelope of type 'entry'")]
    [InlineData("""{"type":"entry","entry":{}}""", "no 'classification'")]
    [InlineData("""{"type":"entry","classification":"optional","entry":{}}""", "unknown classification 'optional'")]
    [InlineData("""{"type":"entry","classification":"required"}""", "no 'entry'")]
    [InlineData("""{"type":"entry","classification":"required","entry":{"type":"future_required","id":"x"}}""", "unknown type 'future_required' that is marked as required")]
    [InlineData("""{"type":"entry","classification":"required","entry":{"type":"leaf","id":"x"}}""", "no 'timestamp'")]
    [InlineData("""{"type":"entry","classification":"ignorable_observation","entry":{"type":"leaf","id":"x","timestamp":"t","entry_id":"y"}}""", "known type 'leaf' that is marked as ignorable")]
    [InlineData("""{"type":"entry","classification":"ignorable_observation","entry":{"type":"leaf","id":"x"}}""", "no 'timestamp'")]
    [InlineData("""{"type":"entry","classification":"ignorable_observation","entry":{"id":"x"}}""", "no 'type'")]
    public void Refuses_the_whole_file_with_line_and_reason(string line, string reason)
    {
        string path = Write(Envelope(Make.UserLine("msg-1")), line);
        InvalidSessionFileException error = Assert.Throws<InvalidSessionFileException>(() => SessionReader.Open(path));
        Assert.Equal(3, error.Line);
        Assert.Contains(reason, error.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Passes_over_only_an_ignorable_entry_of_unknown_type()
    {
        using SessionReader reader = SessionReader.Open(Write("""{"type":"entry","classification":"ignorable_observation","entry":{"type":"future_metric","id":"x1"}}""", "", Envelope(Make.UserLine("msg-1"))));
        Assert.Equal((1, 0), (reader.Recovery.UnknownEntries, reader.Recovery.CorruptLines));
        Assert.Equal(2, reader.Entries.Count);
    }

    [Fact]
    public void A_torn_last_line_is_passed_over_and_cut_when_the_session_goes_on()
    {
        string path = Write(Envelope(Make.UserLine("msg-1")));
        long whole = new FileInfo(path).Length;
        File.AppendAllText(path, Envelope(Make.UserLine("msg-2"))[..30]);
        using (SessionReader reader = SessionReader.Open(path))
        {
            Assert.Equal(30, reader.Recovery.TornTailBytes);
        }

        OpiSession.Resume(path, Make.Options()).Dispose();
        Assert.Equal(whole, new FileInfo(path).Length);
    }

    [Theory]
    [InlineData("\"runtime_input_binding\":null", "without a runtime_input_binding")]
    [InlineData("\"x\":1", "without a runtime_input_binding")]
    [InlineData("\"runtime_input_binding\":{\"kind\":\"other\"}", "unknown kind")]
    [InlineData("\"runtime_input_binding\":{\"kind\":\"direct_runtime_input\",\"digest\":\"AA\",\"assembly_source\":\"s\"}", "digest")]
    [InlineData("\"runtime_input_binding\":{\"kind\":\"direct_runtime_input\",\"digest\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\",\"assembly_source\":\" s\"}", "assembly_source")]
    public void Refuses_a_header_without_a_good_binding(string binding, string reason)
    {
        string path = _folder.Write(Header(2, binding));
        Assert.Contains(reason, Assert.Throws<InvalidSessionFileException>(() => SessionReader.Open(path)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_a_version_1_header_with_a_binding() =>
        Assert.Contains("with a runtime_input_binding", Assert.Throws<InvalidSessionFileException>(() => SessionReader.Open(_folder.Write(Header(1, Binding)))).Reason, StringComparison.Ordinal);

    // 27
    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void Names_an_unknown_version_and_the_known_ones(int version)
    {
        UnsupportedFormatVersionException error = Assert.Throws<UnsupportedFormatVersionException>(() => SessionReader.Open(_folder.Write(Header(version, Binding))));
        Assert.Equal(version, error.Version);
        Assert.Contains($"version {version}", error.Message, StringComparison.Ordinal);
        Assert.Contains("versions 1 to 2", error.Message, StringComparison.Ordinal);
    }

    private static string Header(int version, string binding) =>
        $$"""{"type":"session","version":{{version}},"id":"s","timestamp":"2026-08-23T00:00:00Z","cwd":"/repo","parent_session":null,{{binding}}}""" + "\n";

    private static string Envelope(string entry) => $$"""{"type":"entry","classification":"required","entry":{{entry}}}""";

    private string Write(params string[] lines) => _folder.Write(Header(2, Binding) + string.Concat(lines.Select(line => line + "\n")));

    private static void AssertSorted(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Object)
        {
            string[] names = [.. value.EnumerateObject().Select(member => member.Name)];
            Assert.Equal(names.Order(StringComparer.Ordinal), names);
            Assert.All(value.EnumerateObject().ToArray(), member => AssertSorted(member.Value));
        }
        else if (value.ValueKind == JsonValueKind.Array)
        {
            Assert.All(value.EnumerateArray().ToArray(), AssertSorted);
        }
    }
}
