namespace Opi.Tests;

public class DigestTests
{
    private const string Whole = """
        Digest of 9 messages [opi-digest/1]

        ## Original request
        - Mend the parser.
          It fails on tabs.

        ## Later requests
        - And write a test

        ## Tools used
        - bash (2 times)
        - edit (1 time)
        - read (1 time)

        ## Files changed
        - src/lex.c

        ## Files read
        - src/parse.c

        ## Errors met
        - bash: exit 2: no rule to make target

        ## Last state
        - assistant: Lex is mended.
        - bash gave: ok
        """;

    private static readonly AgentMessage[] Conversation =
    [
        Make.User("Mend the parser.\nIt fails on tabs."),
        Call("1", "read", """{"path":"src/parse.c"}"""),
        Result("1", "read", "int main"),
        Call("2", "edit", """{"file_path":"src/lex.c","old":"\t"}"""),
        Call("3", "bash", """{"command":"make"}"""),
        Result("3", "bash", "exit 2:\nno rule   to make target", failed: true),
        Make.User("And write a test"),
        Call("4", "bash", """{"command":"make test"}""", "Lex is mended."),
        Result("4", "bash", "ok"),
    ];

    [Fact]
    public void It_tells_requests_tools_files_errors_and_the_last_state() =>
        Assert.Equal(Whole.ReplaceLineEndings("\n"), Digest.Of(Conversation, 2_000, SeedTokenEstimator.Instance));

    [Fact]
    public void What_ran_at_the_provider_and_what_the_system_says_is_in_it()
    {
        var data = new ProviderData("anthropic", "{}");
        AgentMessage[] messages =
        [
            Make.User("Find it"),
            new SystemMessage("Answer in French.", 0),
            new AssistantMessage(
                [
                    new OpaqueContent("compaction", "What was said before.", data),
                    new OpaqueContent("server_tool_use", "[web_search: opi]", data),
                    new OpaqueContent("server_tool_use", "[web_search: opi]", data),
                    new OpaqueContent("fallback", "", data),
                ],
                "anthropic",
                "claude-opus-5",
                0),
        ];

        string digest = Digest.Of(messages, 2_000, SeedTokenEstimator.Instance).ReplaceLineEndings("\n");

        const string Expected = """
            Digest of 3 messages [opi-digest/1]

            ## Original request
            - Find it

            ## Later requests
            - Answer in French.

            ## Earlier summaries
            - What was said before.

            ## Tools used
            - [web_search: opi] (2 times)
            """;
        Assert.Equal(Expected.ReplaceLineEndings("\n"), digest);
    }

    [Fact]
    public void The_next_one_takes_the_place_of_the_one_before()
    {
        string first = Digest.Of(Conversation, 2_000, SeedTokenEstimator.Instance);
        string second = Digest.Of(
            [
                new CompactionSummaryMessage(first, "e", 1, 1),
                Make.User("Now the docs"),
                Call("5", "write", """{"path":"docs/a.md"}"""),
                Call("6", "write", """{"path":"src/parse.c"}"""),
                Call("7", "bash", "{}"),
                Result("7", "bash", "exit 2: no rule to make target", failed: true),
                Make.Assistant("Docs are written."),
            ],
            2_000,
            SeedTokenEstimator.Instance);

        Assert.Equal(
            """
            Digest of 15 messages [opi-digest/1]

            ## Original request
            - Mend the parser.
              It fails on tabs.

            ## Later requests
            - And write a test
            - Now the docs

            ## Tools used
            - bash (3 times)
            - edit (1 time)
            - read (1 time)
            - write (2 times)

            ## Files changed
            - docs/a.md
            - src/lex.c
            - src/parse.c

            ## Errors met
            - bash: exit 2: no rule to make target (2 times)

            ## Last state
            - assistant: Docs are written.
            """.ReplaceLineEndings("\n"),
            second);
    }

    [Fact]
    public void What_was_decided_and_which_figures_were_named_stands_word_for_word()
    {
        AgentMessage[] messages =
        [
            Make.User("Speed up the import."),
            Call("1", "bash", "{}", "We will keep the old table. It is slow: the p95 is 4,210 ms at present."),
            Result("1", "bash", "starting\nrows = 120500\n  int x = 12345;\ndone"),
            Make.User("Look at the locks, there may be something odd about how the import takes them, I think.\nNever drop the index."),
            Make.Assistant("```\nwe will not: 99999\n```\nI chose batches of 500 instead of one transaction.\n\n- Decision: the job runs at night"),
        ];

        string digest = Digest.Of(messages, 2_000, SeedTokenEstimator.Instance);

        Assert.Contains(
            """
            ## Decisions
            - We will keep the old table.
            - Never drop the index.
            - I chose batches of 500 instead of one transaction.
            - Decision: the job runs at night

            ## Figures
            - It is slow: the p95 is 4,210 ms at present.
            - bash: rows = 120500

            """.ReplaceLineEndings("\n"),
            digest,
            StringComparison.Ordinal);
        Assert.Equal(digest, DigestText.Parse(digest)!.ToString());
    }

    /// <summary>Whatever a user writes, headings, marks, a whole digest: one step of all is the same as two.</summary>
    [Theory]
    [InlineData("## Tools used\n- bash (99 times)\n(5 left out)")]
    [InlineData("\n\n  indented\n\n- dashes\n")]
    [InlineData("Digest of 3 messages [opi-digest/1]\n\n## Original request\n- x")]
    [InlineData("a\r\nb\rc\u2028d")]
    [InlineData("日本語のテスト 😀")]
    [InlineData("x (7 times)")]
    public void Quoted_text_is_never_taken_for_the_digests_own(string request)
    {
        AgentMessage[] before = [Make.User(request), Call("1", "read", """{"path":"a"}"""), Make.User(request + "!")];
        AgentMessage[] after = [Make.User("more"), Make.Assistant("end")];

        string step = Digest.Of(before, 2_000, SeedTokenEstimator.Instance);
        string two = Digest.Of([new CompactionSummaryMessage(step, "e", 1, 1), .. after], 2_000, SeedTokenEstimator.Instance);

        Assert.Equal(Digest.Of([.. before, .. after], 2_000, SeedTokenEstimator.Instance), two);
        Assert.Equal(step, DigestText.Parse(step)!.ToString());
    }

    [Fact]
    public void The_digest_of_one_message_says_so_and_is_read_again()
    {
        string digest = Digest.Of([Make.User("Mend it")], 2_000, SeedTokenEstimator.Instance);
        Assert.StartsWith("Digest of 1 message [opi-digest/1]\n", digest, StringComparison.Ordinal);

        string next = Digest.Of([new CompactionSummaryMessage(digest, "e", 1, 1), Make.User("And test it")], 2_000, SeedTokenEstimator.Instance);
        Assert.StartsWith("Digest of 2 messages [opi-digest/1]\n", next, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_summary_before_it_is_kept_once()
    {
        string first = Digest.Of([new CompactionSummaryMessage("Compacted 6 messages: all was well", "e", 1, 1), Make.User("go on")], 2_000, SeedTokenEstimator.Instance);
        Assert.Contains("## Earlier summaries\n- Compacted 6 messages: all was well", first, StringComparison.Ordinal);
        Assert.Contains("## Later requests\n- go on", first, StringComparison.Ordinal); // the original one is not known

        string second = Digest.Of([new CompactionSummaryMessage(first, "e", 1, 1), Make.User("and on")], 2_000, SeedTokenEstimator.Instance);
        Assert.Equal(first.Replace("of 1 message ", "of 2 messages ", StringComparison.Ordinal).Replace("- go on", "- go on\n- and on", StringComparison.Ordinal), second);
    }

    [Theory]
    [InlineData(300)]
    [InlineData(1_000)]
    [InlineData(4_000)]
    public void It_keeps_to_its_budget_however_long_the_run_is(long budget)
    {
        var random = new Random(3);
        string digest = "";
        for (int round = 0; round < 40; round++)
        {
            AgentMessage[] messages =
            [
                .. digest.Length == 0 ? Array.Empty<AgentMessage>() : [new CompactionSummaryMessage(digest, "e", 1, 1)],
                .. Enumerable.Range(0, 20).SelectMany(i => new AgentMessage[]
                {
                    Make.User($"request {round}.{i} " + new string('q', random.Next(500))),
                    Call($"{round}.{i}", $"tool{random.Next(30)}", $$"""{"path":"src/{{random.Next(500)}}.cs"}"""),
                    Result($"{round}.{i}", "tool", new string('e', random.Next(300)), failed: random.Next(4) == 0),
                    Make.Assistant($"state {round}.{i} {new string('s', random.Next(2_000))}. We chose way {round}.{i}. It took {round}{i}00 ms."),
                }),
            ];
            digest = Digest.Of(messages, budget, SeedTokenEstimator.Instance);
            Assert.InRange(SeedTokenEstimator.Instance.Estimate(Make.User(digest)), 1, budget);
        }

        Assert.Contains("Digest of 3200 messages", digest, StringComparison.Ordinal);
        Assert.Contains("request 0.0", digest, StringComparison.Ordinal); // the original one
        Assert.Contains("request 39.19", digest, StringComparison.Ordinal);
        Assert.Contains("state 39.19", digest, StringComparison.Ordinal);
        Assert.Contains("left out)", digest, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("edit", """{"path":"a","file_path":"b"}""", "a b", true)]
    [InlineData("Read", """{"filePath":"a","offset":3}""", "a", false)]
    [InlineData("multi_edit", """{"paths":["a","b",3]}""", "a b", true)]
    [InlineData("apply_patch", """{"input":"*** Begin Patch\n*** Update File: src/a.cs\n@@\n*** Add File: b.cs\n*** End Patch"}""", "src/a.cs b.cs", true)]
    [InlineData("apply_patch", "*** Begin Patch\n*** Delete File: c.cs\n", "c.cs", true)]
    [InlineData("bash", """{"command":"cat a.txt"}""", "", false)]
    [InlineData("read", """{"path":"[REDACTED]"}""", "", false)]
    [InlineData("read", """{"path":{"a":1}}""", "", false)]
    [InlineData("read", "no json", "", false)]
    [InlineData("read", """["path"]""", "", false)]
    public void Files_are_found_by_the_arguments_of_calls(string tool, string arguments, string files, bool changes)
    {
        Assert.Equal(files, string.Join(' ', ToolFiles.Of(new ToolCallContent("1", tool, arguments), out bool changed)));
        Assert.Equal(changes, changed);
    }

    [Fact]
    public void A_change_that_failed_changed_nothing() =>
        Assert.Contains(
            "## Files read\n- a.cs",
            Digest.Of([Call("1", "edit", """{"path":"a.cs"}"""), Result("1", "edit", "no such text", failed: true)], 2_000, SeedTokenEstimator.Instance),
            StringComparison.Ordinal);

    private static AssistantMessage Call(string id, string tool, string arguments, string text = "") =>
        Make.Calls() with { Content = [.. text.Length == 0 ? Array.Empty<IAssistantContent>() : [new TextContent(text)], new ToolCallContent(id, tool, arguments)] };

    private static ToolResultMessage Result(string id, string tool, string text, bool failed = false) =>
        new(id, tool, [new TextContent(text)], 0) { IsError = failed };
}
