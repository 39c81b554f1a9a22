using System.Text.Json.Nodes;

namespace Opi.Tests;

/// <summary>Each difference between Opi and the golden data, with the departure of the design that asks for it, and the exact values Opi must give.</summary>
internal static class GoldenDifferences
{
    private const string Table = """
        == e04-complete-last-line-no-newline departure 8, 9: a complete last line counts and gets its newline
        resume[0].bytes_after_open = 3496
        resume[0].compaction_entries = ["sum-13","msg-7","msg-8","msg-11","msg-12"]
        resume[0].context = [{"role":"compaction_summary","text":"Compacted 6 messages: question 1 . answer 1 . question 2 . a"},{"role":"user","text":"question 4 "},{"role":"assistant","text":"answer 4 "},{"role":"user","text":"question 5 "},{"role":"assistant","text":"answer 5 "}]
        resume[0].cost.cache_read_cost = 0.000015
        resume[0].cost.cache_write_cost = 0.00009375
        resume[0].cost.input_cost = 0.0015
        resume[0].cost.output_cost = 0.00375
        resume[0].cost.total_cost = 0.00535875
        resume[0].file_entry_ids = ["msg-1","msg-2","msg-3","msg-4","msg-5","msg-6","msg-7","msg-8","cmp-9","msg-11","msg-12"]
        resume[0].ordered_ids = ["msg-1","msg-2","msg-3","msg-4","msg-5","msg-6","msg-7","msg-8","cmp-9","msg-11","msg-12"]
        resume[0].recovery = "Clean, no final LF"
        resume[0].usage.as_usage_total_tokens = 825
        resume[0].usage.cache_read = 50
        resume[0].usage.cache_write = 25
        resume[0].usage.input = 500
        resume[0].usage.output = 250
        resume-append[0].entries = ["sum-13","msg-7","msg-8","msg-11","msg-12","msg-14","msg-15"]
        resume-append[0].usage.as_usage_total_tokens = 830
        resume-append[0].usage.cache_read = 50
        resume-append[0].usage.cache_write = 25
        resume-append[0].usage.input = 503
        resume-append[0].usage.output = 252
        resume-append[1].context = [{"role":"compaction_summary","text":"Compacted 6 messages: question 1 . answer 1 . question 2 . a"},{"role":"user","text":"question 4 "},{"role":"assistant","text":"answer 4 "},{"role":"user","text":"question 5 "},{"role":"assistant","text":"answer 5 "},{"role":"user","text":"after resume"},{"role":"assistant","text":"ok after resume"}]
        resume-append[1].file_entry_ids = ["msg-1","msg-2","msg-3","msg-4","msg-5","msg-6","msg-7","msg-8","cmp-9","msg-11","msg-12","msg-14","msg-15"]
        resume-append[1].ordered_ids = ["msg-1","msg-2","msg-3","msg-4","msg-5","msg-6","msg-7","msg-8","cmp-9","msg-11","msg-12","msg-14","msg-15"]
        resume-compact[0].compacted.first_kept_entry_id = "msg-12"
        resume-compact[0].compacted.summary = "Compacted 4 messages: Compacted 6 messages: question 1 . answer 1 . question 2 . answer 2 . question 3 . answer 3 . question 4 . answer 4 . question 5 "
        resume-compact[0].compacted.summary_bytes = 151
        resume-compact[0].compacted.tokens_before = 31
        resume-compact[0].entries = ["sum-15","msg-12"]
        resume-compact[1].context = [{"role":"compaction_summary","text":"Compacted 4 messages: Compacted 6 messages: question 1 . ans"},{"role":"assistant","text":"answer 5 "}]
        resume-compact[1].file_entry_ids = ["msg-1","msg-2","msg-3","msg-4","msg-5","msg-6","msg-7","msg-8","cmp-9","msg-11","msg-12","cmp-14"]
        resume-compact[1].ordered_ids = ["msg-1","msg-2","msg-3","msg-4","msg-5","msg-6","msg-7","msg-8","cmp-9","msg-11","msg-12","cmp-14"]
        == e06-unknown-type departure 8: a type that only later versions of opi write is an entry, not corrupt
        resume[0].compaction_entries = ["sum-100","msg-7","msg-8","msg-11","msg-12"]
        resume[0].corrupt_count = 0
        resume[0].file_entry_ids = ["msg-1","msg-2","state-99","msg-3","msg-4","msg-5","msg-6","msg-7","msg-8","cmp-9","msg-11","msg-12"]
        resume[0].recovery = "Clean"
        resume-append[0].entries = ["sum-100","msg-7","msg-8","msg-11","msg-12","msg-101","msg-102"]
        resume-append[1].file_entry_ids = ["msg-1","msg-2","state-99","msg-3","msg-4","msg-5","msg-6","msg-7","msg-8","cmp-9","msg-11","msg-12","msg-101","msg-102"]
        resume-append[1].ordered_ids = ["msg-1","msg-2","msg-3","msg-4","msg-5","msg-6","msg-7","msg-8","cmp-9","msg-11","msg-12","msg-101","msg-102"]
        resume-append[1].reread = "Clean"
        resume-compact[0].entries = ["sum-102","msg-12"]
        resume-compact[1].file_entry_ids = ["msg-1","msg-2","state-99","msg-3","msg-4","msg-5","msg-6","msg-7","msg-8","cmp-9","msg-11","msg-12","cmp-101"]
        resume-compact[1].ordered_ids = ["msg-1","msg-2","msg-3","msg-4","msg-5","msg-6","msg-7","msg-8","cmp-9","msg-11","msg-12","cmp-101"]
        resume-compact[1].reread = "Clean"
        == e08-last-line-ends-lone-cr departure 8, 9: the last line, which lacks only its LF, is not cut off
        resume[0].bytes_after_open = 3497
        resume[0].recovery = "Clean, no final LF"
        resume-append[1].context = [{"role":"compaction_summary","text":"Compacted 6 messages: question 1 . answer 1 . question 2 . a"},{"role":"user","text":"question 4 "},{"role":"assistant","text":"answer 4 "},{"role":"user","text":"question 5 "},{"role":"assistant","text":"answer 5 "},{"role":"user","text":"after resume"},{"role":"assistant","text":"ok after resume"}]
        resume-append[1].file_entry_ids = ["msg-1","msg-2","msg-3","msg-4","msg-5","msg-6","msg-7","msg-8","cmp-9","msg-11","msg-12","msg-14","msg-15"]
        resume-append[1].ordered_ids = ["msg-1","msg-2","msg-3","msg-4","msg-5","msg-6","msg-7","msg-8","cmp-9","msg-11","msg-12","msg-14","msg-15"]
        resume-compact[1].context = [{"role":"compaction_summary","text":"Compacted 4 messages: Compacted 6 messages: question 1 . ans"},{"role":"assistant","text":"answer 5 "}]
        resume-compact[1].file_entry_ids = ["msg-1","msg-2","msg-3","msg-4","msg-5","msg-6","msg-7","msg-8","cmp-9","msg-11","msg-12","cmp-14"]
        resume-compact[1].ordered_ids = ["msg-1","msg-2","msg-3","msg-4","msg-5","msg-6","msg-7","msg-8","cmp-9","msg-11","msg-12","cmp-14"]
        == e09-torn-inside-utf8-char departure 8: invalid UTF-8 is contained to its line, here a torn one
        resume[0].bytes_before_open = 3655
        resume[0].recovery = "TruncatedLine"
        == e10-invalid-utf8-middle departure 8: a line with invalid UTF-8 is one corrupt line
        resume[0].bytes_after_open = 3524
        resume[0].bytes_before_open = 3524
        resume[0].corrupt_count = 1
        resume[0].recovery = "CorruptEntries { count: 1 }"
        resume-append[1].reread = "CorruptEntries { count: 1 }"
        resume-compact[1].reread = "CorruptEntries { count: 1 }"
        == e11-header-only-no-newline departure 9: a header is never cut
        resume[0].bytes_after_open = 121
        resume[0].recovery = "Clean, no final LF"
        resume-append[1].context only in Opi
        resume-append[1].file_entry_ids only in Opi
        resume-append[1].ordered_ids only in Opi
        resume-append[1].reread only in Opi
        resume-append[1].reread_error only in golden
        resume-compact[1].context only in Opi
        resume-compact[1].file_entry_ids only in Opi
        resume-compact[1].ordered_ids only in Opi
        resume-compact[1].reread only in Opi
        resume-compact[1].reread_error only in golden
        == e14-bom departure 8: a byte order mark is tolerated
        resume[0].bytes_after_open = 3499
        resume[0].bytes_before_open = 3499
        == e17-duplicate-ids departure 21: what a compaction keeps is found again when the session is opened
        resume-compact[0].compacted.first_kept_entry_id = "msg-2"
        resume-compact[0].compacted.new_agent_messages_len = 3
        resume-compact[0].compacted.summary = "Compacted 3 messages: SUM. a. b"
        resume-compact[0].compacted.summary_bytes = 31
        resume-compact[0].entries = ["sum-6","msg-2","msg-1"]
        resume-compact[1].context = [{"role":"compaction_summary","text":"Compacted 3 messages: SUM. a. b"},{"role":"user","text":"c"},{"role":"user","text":"d"}]
        == e20-leaf-unknown departure 8: a leaf to an unknown id falls back to the last entry
        resume[0].compaction_entries = ["sum-14","msg-7","msg-8","msg-11","msg-12"]
        resume[0].context = [{"role":"compaction_summary","text":"Compacted 6 messages: question 1 . answer 1 . question 2 . a"},{"role":"user","text":"question 4 "},{"role":"assistant","text":"answer 4 "},{"role":"user","text":"question 5 "},{"role":"assistant","text":"answer 5 "}]
        resume[0].cost.cache_read_cost = 0.000015
        resume[0].cost.cache_write_cost = 0.00009375
        resume[0].cost.input_cost = 0.0015
        resume[0].cost.output_cost = 0.00375
        resume[0].cost.total_cost = 0.00535875
        resume[0].ordered_ids = ["msg-1","msg-2","msg-3","msg-4","msg-5","msg-6","msg-7","msg-8","cmp-9","msg-11","msg-12"]
        resume[0].turns = 5
        resume[0].usage.as_usage_total_tokens = 825
        resume[0].usage.cache_read = 50
        resume[0].usage.cache_write = 25
        resume[0].usage.input = 500
        resume[0].usage.output = 250
        resume-append[0].entries = ["sum-14","msg-7","msg-8","msg-11","msg-12","msg-15","msg-16"]
        resume-append[0].turns = 6
        resume-append[0].usage.as_usage_total_tokens = 830
        resume-append[0].usage.cache_read = 50
        resume-append[0].usage.cache_write = 25
        resume-append[0].usage.input = 503
        resume-append[0].usage.output = 252
        resume-append[1].context = [{"role":"compaction_summary","text":"Compacted 6 messages: question 1 . answer 1 . question 2 . a"},{"role":"user","text":"question 4 "},{"role":"assistant","text":"answer 4 "},{"role":"user","text":"question 5 "},{"role":"assistant","text":"answer 5 "},{"role":"user","text":"after resume"},{"role":"assistant","text":"ok after resume"}]
        resume-append[1].file_entry_ids = ["msg-1","msg-2","msg-3","msg-4","msg-5","msg-6","msg-7","msg-8","cmp-9","msg-11","msg-12","leaf-13","msg-15","msg-16"]
        resume-append[1].ordered_ids = ["msg-1","msg-2","msg-3","msg-4","msg-5","msg-6","msg-7","msg-8","cmp-9","msg-11","msg-12","msg-15","msg-16"]
        resume-compact[0].compacted = {"first_kept_entry_id":"msg-12","new_agent_messages_len":2,"reason":"manual","summary":"Compacted 4 messages: Compacted 6 messages: question 1 . answer 1 . question 2 . answer 2 . question 3 . answer 3 . question 4 . answer 4 . question 5 ","summary_bytes":151,"tokens_before":31,"tokens_after":2}
        resume-compact[0].entries = ["sum-16","msg-12"]
        resume-compact[1].context = [{"role":"compaction_summary","text":"Compacted 4 messages: Compacted 6 messages: question 1 . ans"},{"role":"assistant","text":"answer 5 "}]
        resume-compact[1].file_entry_ids = ["msg-1","msg-2","msg-3","msg-4","msg-5","msg-6","msg-7","msg-8","cmp-9","msg-11","msg-12","leaf-13","cmp-15"]
        resume-compact[1].ordered_ids = ["msg-1","msg-2","msg-3","msg-4","msg-5","msg-6","msg-7","msg-8","cmp-9","msg-11","msg-12","cmp-15"]
        == e22-cycle-with-leaf departure 1: once there is a leaf, each turn and compaction writes one
        resume-append[1].context = [{"role":"user","text":"A"},{"role":"user","text":"B"},{"role":"user","text":"after resume"},{"role":"assistant","text":"ok after resume"}]
        resume-append[1].file_entry_ids = ["a-1","b-2","leaf-3","msg-4","msg-5","leaf-6"]
        resume-append[1].ordered_ids = ["a-1","b-2","msg-4","msg-5"]
        resume-compact[0].entries = ["sum-6","b-2"]
        resume-compact[1].context = [{"role":"compaction_summary","text":"Compacted 1 messages: A"},{"role":"user","text":"B"}]
        resume-compact[1].file_entry_ids = ["a-1","b-2","leaf-3","cmp-4","leaf-5"]
        resume-compact[1].ordered_ids = ["a-1","b-2","cmp-4"]
        == e24-usage-4294967296 departure 4: token counts have 64 bits
        resume[0].compaction_entries = ["msg-1","msg-5"]
        resume[0].context = [{"role":"user","text":"x"},{"role":"assistant","text":"x"}]
        resume[0].corrupt_count = 0
        resume[0].cost.input_cost = 12884.901888
        resume[0].cost.output_cost = 0.000015
        resume[0].cost.total_cost = 12884.901903
        resume[0].file_entry_ids = ["msg-1","msg-5"]
        resume[0].ordered_ids = ["msg-1","msg-5"]
        resume[0].recovery = "Clean"
        resume[0].usage.as_usage_total_tokens = 4294967297
        resume[0].usage.input = 4294967296
        resume[0].usage.output = 1
        resume-append[0].entries = ["msg-1","msg-5","msg-6","msg-7"]
        resume-append[0].usage.as_usage_total_tokens = 4294967302
        resume-append[0].usage.input = 4294967299
        resume-append[0].usage.output = 3
        resume-append[1].context = [{"role":"user","text":"x"},{"role":"assistant","text":"x"},{"role":"user","text":"after resume"},{"role":"assistant","text":"ok after resume"}]
        resume-append[1].file_entry_ids = ["msg-1","msg-5","msg-6","msg-7"]
        resume-append[1].ordered_ids = ["msg-1","msg-5","msg-6","msg-7"]
        resume-append[1].reread = "Clean"
        resume-compact[0].compacted = {"first_kept_entry_id":"msg-5","new_agent_messages_len":2,"reason":"manual","summary":"Compacted 1 messages: x","summary_bytes":23,"tokens_before":0,"tokens_after":0}
        resume-compact[0].entries = ["sum-7","msg-5"]
        resume-compact[1].context = [{"role":"compaction_summary","text":"Compacted 1 messages: x"},{"role":"assistant","text":"x"}]
        resume-compact[1].file_entry_ids = ["msg-1","msg-5","cmp-6"]
        resume-compact[1].ordered_ids = ["msg-1","msg-5","cmp-6"]
        resume-compact[1].reread = "Clean"
        == e30-branches-parent-chain departure 1: once there is a leaf, each turn and compaction writes one
        resume-append[1].context = [{"role":"user","text":"root"},{"role":"assistant","text":"B"},{"role":"user","text":"after resume"},{"role":"assistant","text":"ok after resume"}]
        resume-append[1].file_entry_ids = ["e-1","e-2","e-3","e-4","leaf-5","leaf-6","e-7","msg-8","msg-9","leaf-10"]
        resume-append[1].ordered_ids = ["e-1","e-3","msg-8","msg-9"]
        resume-compact[0].entries = ["sum-10","e-3"]
        resume-compact[1].context = [{"role":"compaction_summary","text":"Compacted 1 messages: root"},{"role":"assistant","text":"B"}]
        resume-compact[1].file_entry_ids = ["e-1","e-2","e-3","e-4","leaf-5","leaf-6","e-7","cmp-8","leaf-9"]
        resume-compact[1].ordered_ids = ["e-1","e-3","cmp-8"]
        == s04b-tools-manual-compact departure 7: a tool call stays with its result
        run[3].compacted.first_kept_entry_id = "msg-12"
        run[3].compacted.new_agent_messages_len = 4
        run[3].compacted.summary = "Compacted 5 messages: Compacted 5 messages: list files. Looking.. a.rs\nb.rs\n. . no such file. Done: two files.. list files. Looking.. a.rs\nb.rs\n"
        run[3].compacted.summary_bytes = 144
        run[3].entries = ["sum-16","msg-12","msg-13","msg-14"]
        == s08-leaf-older-then-turn departure 1: memory follows a switch of the branch, and each turn and compaction writes a leaf
        run[3].entries = ["msg-1","msg-2"]
        run[4].entries = ["msg-1","msg-2","msg-8","msg-9"]
        run[5].compacted.first_kept_entry_id = "msg-9"
        run[5].compacted.new_agent_messages_len = 2
        run[5].compacted.summary = "Compacted 3 messages: question 1 . answer 1 . question 4 "
        run[5].compacted.summary_bytes = 57
        run[5].compacted.tokens_after = 2
        run[5].compacted.tokens_before = 8
        run[5].entries = ["sum-13","msg-9"]
        resume-append[1].context = [{"role":"assistant","text":"answer 1 "},{"role":"user","text":"after resume"},{"role":"assistant","text":"ok after resume"}]
        resume-append[1].file_entry_ids = ["msg-1","msg-2","msg-3","msg-4","msg-5","msg-6","leaf-7","msg-8","msg-9","cmp-10","msg-11","msg-12","leaf-13"]
        resume-append[1].ordered_ids = ["msg-2","msg-11","msg-12"]
        == s08c-leaf-unknown departure 8: a leaf to an unknown id falls back to the last entry
        resume[0].compaction_entries = ["msg-1","msg-2","msg-3","msg-4","msg-6","msg-7"]
        resume[0].context = [{"role":"user","text":"question 1 "},{"role":"assistant","text":"answer 1 "},{"role":"user","text":"question 2 "},{"role":"assistant","text":"answer 2 "},{"role":"user","text":"question 3 "},{"role":"assistant","text":"answer 3 "}]
        resume[0].cost.cache_read_cost = 0.000009
        resume[0].cost.cache_write_cost = 0.00005625
        resume[0].cost.input_cost = 0.0009
        resume[0].cost.output_cost = 0.00225
        resume[0].cost.total_cost = 0.00321525
        resume[0].ordered_ids = ["msg-1","msg-2","msg-3","msg-4","msg-6","msg-7"]
        resume[0].turns = 3
        resume[0].usage.as_usage_total_tokens = 495
        resume[0].usage.cache_read = 30
        resume[0].usage.cache_write = 15
        resume[0].usage.input = 300
        resume[0].usage.output = 150
        resume-append[0].entries = ["msg-1","msg-2","msg-3","msg-4","msg-6","msg-7","msg-8","msg-9"]
        resume-append[0].turns = 4
        resume-append[0].usage.as_usage_total_tokens = 500
        resume-append[0].usage.cache_read = 30
        resume-append[0].usage.cache_write = 15
        resume-append[0].usage.input = 303
        resume-append[0].usage.output = 152
        resume-append[1].context = [{"role":"user","text":"question 1 "},{"role":"assistant","text":"answer 1 "},{"role":"user","text":"question 2 "},{"role":"assistant","text":"answer 2 "},{"role":"user","text":"question 3 "},{"role":"assistant","text":"answer 3 "},{"role":"user","text":"after resume"},{"role":"assistant","text":"ok after resume"}]
        resume-append[1].ordered_ids = ["msg-1","msg-2","msg-3","msg-4","msg-6","msg-7","msg-8","msg-9"]
        resume-compact[0].compacted = {"first_kept_entry_id":"msg-7","new_agent_messages_len":2,"reason":"manual","summary":"Compacted 5 messages: question 1 . answer 1 . question 2 . answer 2 . question 3 ","summary_bytes":81,"tokens_before":12,"tokens_after":2}
        resume-compact[0].entries = ["sum-9","msg-7"]
        resume-compact[1].context = [{"role":"compaction_summary","text":"Compacted 5 messages: question 1 . answer 1 . question 2 . a"},{"role":"assistant","text":"answer 3 "}]
        resume-compact[1].file_entry_ids = ["msg-1","msg-2","msg-3","msg-4","leaf-5","msg-6","msg-7","cmp-8"]
        resume-compact[1].ordered_ids = ["msg-1","msg-2","msg-3","msg-4","msg-6","msg-7","cmp-8"]
        == s08d-leaf-to-compaction departure 1: memory follows a switch of the branch, and each turn writes a leaf
        run[4].entries = ["sum-10","msg-6"]
        run[5].entries = ["sum-10","msg-6","msg-11","msg-12"]
        resume-append[1].context = [{"role":"compaction_summary","text":"Compacted 5 messages: question 1 . answer 1 . question 2 . a"},{"role":"user","text":"after resume"},{"role":"assistant","text":"ok after resume"}]
        resume-append[1].file_entry_ids = ["msg-1","msg-2","msg-3","msg-4","msg-5","msg-6","cmp-7","leaf-9","msg-10","msg-11","msg-13","msg-14","leaf-15"]
        resume-append[1].ordered_ids = ["cmp-7","msg-13","msg-14"]
        == s09-huge-usage departure 4: token counts have 64 bits; the threshold is not stalled by wrapping
        run[1].compacted = {"first_kept_entry_id":"msg-6","new_agent_messages_len":2,"reason":"threshold","summary":"Compacted 3 messages: Compacted 1 messages: question 1 . answer 1 . question 2 ","summary_bytes":79,"tokens_before":14,"tokens_after":2}
        run[1].cost_summary.input_cost = 25769.80377
        run[1].cost_summary.total_cost = 107588.93073975
        run[1].entries = ["sum-8","msg-6"]
        run[1].usage.as_usage_total_tokens = 21474836475
        run[2].cost_summary.input_cost = 25769.803776
        run[2].cost_summary.total_cost = 107588.93074575
        run[2].entries = ["sum-8","msg-6","msg-9","msg-10"]
        run[2].usage.as_usage_total_tokens = 21474836477
        run[3].compacted = {"first_kept_entry_id":"msg-12","new_agent_messages_len":2,"reason":"threshold","summary":"Compacted 5 messages: Compacted 3 messages: Compacted 1 messages: question 1 . answer 1 . question 2 . answer 2 . question 3 . answer 3 . question 4 ","summary_bytes":149,"tokens_before":29,"tokens_after":2}
        run[3].cost_summary.input_cost = 38654.705661
        run[3].cost_summary.output_cost = 128849.01885
        run[3].cost_summary.total_cost = 184898.34205575
        run[3].entries = ["sum-14","msg-12"]
        run[3].usage.as_usage_total_tokens = 30064771067
        resume[0].cost.input_cost = 38654.705661
        resume[0].cost.output_cost = 128849.01885
        resume[0].cost.total_cost = 184898.34205575
        resume[0].usage.as_usage_total_tokens = 30064771067
        resume-append[0].usage.as_usage_total_tokens = 30064771072
        """;

    // Where ids, leaves or compactions differ: for each message of the golden file its id and its parent, and all else in full.
    private static readonly Dictionary<string, string[]> Files = new()
    {
        ["s04b-tools-manual-compact"] =
        [
            "msg-1 < null",
            "msg-2 < msg-1",
            "msg-3 < msg-2",
            "msg-4 < msg-3",
            "msg-5 < msg-4",
            "msg-6 < msg-5",
            """{"type":"compaction","id":"cmp-7","parent_id":"msg-6","timestamp":"T","summary":"Compacted 5 messages: list files. Looking.. a.rs\nb.rs\n. . no such file","first_kept_entry_id":"msg-6","tokens_before":13,"tokens_after":4}""",
            "msg-9 < cmp-7",
            "msg-10 < msg-9",
            "msg-11 < msg-10",
            "msg-12 < msg-11",
            "msg-13 < msg-12",
            "msg-14 < msg-13",
            """{"type":"compaction","id":"cmp-15","parent_id":"msg-14","timestamp":"T","summary":"Compacted 5 messages: Compacted 5 messages: list files. Looking.. a.rs\nb.rs\n. . no such file. Done: two files.. list files. Looking.. a.rs\nb.rs\n","first_kept_entry_id":"msg-12","tokens_before":34,"tokens_after":7}""",
        ],
        ["s08-leaf-older-then-turn"] =
        [
            "msg-1 < null",
            "msg-2 < msg-1",
            "msg-3 < msg-2",
            "msg-4 < msg-3",
            "msg-5 < msg-4",
            "msg-6 < msg-5",
            """{"type":"leaf","id":"leaf-7","parent_id":"msg-2","timestamp":"T","entry_id":"msg-2"}""",
            "msg-8 < msg-2",
            "msg-9 < msg-8",
            """{"type":"leaf","id":"leaf-10","parent_id":"msg-9","timestamp":"T","entry_id":"msg-9"}""",
            """{"type":"compaction","id":"cmp-11","parent_id":"msg-9","timestamp":"T","summary":"Compacted 3 messages: question 1 . answer 1 . question 4 ","first_kept_entry_id":"msg-9","tokens_before":8,"tokens_after":2}""",
            """{"type":"leaf","id":"leaf-12","parent_id":"cmp-11","timestamp":"T","entry_id":"cmp-11"}""",
        ],
        ["s08c-leaf-unknown"] =
        [
            "msg-1 < null",
            "msg-2 < msg-1",
            "msg-3 < msg-2",
            "msg-4 < msg-3",
            """{"type":"leaf","id":"leaf-5","parent_id":"nope","timestamp":"T","entry_id":"nope"}""",
            "msg-6 < msg-4",
            "msg-7 < msg-6",
        ],
        ["s08d-leaf-to-compaction"] =
        [
            "msg-1 < null",
            "msg-2 < msg-1",
            "msg-3 < msg-2",
            "msg-4 < msg-3",
            "msg-5 < msg-4",
            "msg-6 < msg-5",
            """{"type":"compaction","id":"cmp-7","parent_id":"msg-6","timestamp":"T","summary":"Compacted 5 messages: question 1 . answer 1 . question 2 . answer 2 . question 3 ","first_kept_entry_id":"msg-6","tokens_before":12,"tokens_after":2}""",
            """{"type":"leaf","id":"leaf-9","parent_id":"cmp-7","timestamp":"T","entry_id":"cmp-7"}""",
            "msg-11 < cmp-7",
            "msg-12 < msg-11",
            """{"type":"leaf","id":"leaf-13","parent_id":"msg-12","timestamp":"T","entry_id":"msg-12"}""",
        ],
        ["s09-huge-usage"] =
        [
            "msg-1 < null",
            "msg-2 < msg-1",
            """{"type":"compaction","id":"cmp-3","parent_id":"msg-2","timestamp":"T","summary":"Compacted 1 messages: question 1 ","first_kept_entry_id":"msg-2","tokens_before":4,"tokens_after":2}""",
            "msg-5 < cmp-3",
            "msg-6 < msg-5",
            """{"type":"compaction","id":"cmp-7","parent_id":"msg-6","timestamp":"T","summary":"Compacted 3 messages: Compacted 1 messages: question 1 . answer 1 . question 2 ","first_kept_entry_id":"msg-6","tokens_before":14,"tokens_after":2}""",
            "msg-9 < cmp-7",
            "msg-10 < msg-9",
            "msg-11 < msg-10",
            "msg-12 < msg-11",
            """{"type":"compaction","id":"cmp-13","parent_id":"msg-12","timestamp":"T","summary":"Compacted 5 messages: Compacted 3 messages: Compacted 1 messages: question 1 . answer 1 . question 2 . answer 2 . question 3 . answer 3 . question 4 ","first_kept_entry_id":"msg-12","tokens_before":29,"tokens_after":2}""",
        ],
    };

    private static readonly ILookup<string, string> Lines = Parse();

    public static IEnumerable<string> Cases => Lines.Select(group => group.Key);

    public static IEnumerable<string> Of(string name, string run) =>
        Lines[name].Where(line => line.StartsWith(run + "[", StringComparison.Ordinal));

    /// <summary>
    /// The file Opi must write: the golden one with its parents chained (departure 1), each entry behind the one before it, unless
    /// <see cref="Files"/> has it.
    /// </summary>
    public static string[] FileOf(string name)
    {
        string[] golden = Golden.Lines(name, "session.norm.jsonl");
        if (!Files.TryGetValue(name, out string[]? skeleton))
        {
            string? parent = null;
            return [golden[0], .. golden.Skip(1).Select(line =>
            {
                string id = (string)JsonNode.Parse(line)!["id"]!;
                string chained = Chain(line, id, parent);
                parent = id;
                return chained;
            })];
        }

        var messages = new Queue<string>(golden.Where(line => line.StartsWith("{\"type\":\"message\"", StringComparison.Ordinal)));
        return [golden[0], .. skeleton.Select(line =>
        {
            if (line.StartsWith('{'))
            {
                return line;
            }

            string[] ids = line.Split(" < ");
            return Chain(messages.Dequeue(), ids[0], ids[1] == "null" ? null : ids[1]);
        })];
    }

    private static string Chain(string line, string id, string? parent)
    {
        string old = (string)JsonNode.Parse(line)!["id"]!;
        string from = $"\"id\":\"{old}\",\"parent_id\":null,";
        Assert.Contains(from, line, StringComparison.Ordinal);
        return line.Replace(from, $"\"id\":\"{id}\",\"parent_id\":{(parent is null ? "null" : $"\"{parent}\"")},", StringComparison.Ordinal);
    }

    private static ILookup<string, string> Parse()
    {
        var lines = new List<(string Case, string Line)>();
        string name = "";
        foreach (string line in Table.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith("== ", StringComparison.Ordinal))
            {
                name = line.Split(' ')[1];
            }
            else
            {
                lines.Add((name, line));
            }
        }

        return lines.ToLookup(line => line.Case, line => line.Line);
    }
}
