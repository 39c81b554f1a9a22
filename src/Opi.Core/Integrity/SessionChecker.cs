using Microsoft.Win32.SafeHandles;

namespace Opi;

/// <summary>Looks through a session file for all that is not as it should be. Reads only.</summary>
internal static class SessionChecker
{
    /// <summary>The findings, in the order of the file within each kind. None means that the file is whole.</summary>
    /// <exception cref="SessionNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidSessionFileException">It cannot be read at all.</exception>
    public static IReadOnlyList<OpiFinding> Check(string path, CancellationToken cancellationToken = default)
    {
        using SafeFileHandle file = SessionReader.OpenHandle(path);
        try
        {
            SessionIndex index = SessionIndexer.Index(file, path, cancellationToken, lenient: true);
            var check = new Checker(
                path, index.Entries, entry => SessionReader.ReadEntry(file, path, index.Header.Version, entry), cancellationToken);
            check.Lines(index.Recovery, index.Lines);
            check.Ids();
            check.Parents();
            check.Targets();
            check.ToolCalls();
            check.Prompts();
            return check.Findings;
        }
        catch (UnsupportedFormatVersionException unknown)
        {
            return [new OpiFinding(path, FindingSeverity.Error, "UnsupportedFormatVersion", 1, 0, null, unknown.Message)];
        }
        catch (InvalidSessionFileException invalid) when (invalid.InnerException is not IOException)
        {
            return [new OpiFinding(
                path,
                FindingSeverity.Error,
                HeaderProblem(file),
                invalid.Line,
                0,
                null,
                $"It does not begin with the header of a session: {invalid.Reason}.")];
        }
        catch (IOException error)
        {
            throw InvalidSessionFileException.NotRead(path, error);
        }
    }

    private static string HeaderProblem(SafeFileHandle file)
    {
        using var lines = new LineReader(file);
        if (!lines.Next())
        {
            return "EmptyFile";
        }

        try
        {
            if (System.Text.Unicode.Utf8.IsValid(lines.Line) && MessageWire.FindTag(new JsonCursor(lines.Line), "type"u8).Is("session"u8))
            {
                return "InvalidHeader";
            }

            var facts = new EntryFacts();
            EntryWire.Inspect(lines.Line, ref facts);
            return facts.Type == EntryType.Unknown ? "ForeignFile" : "MissingHeader";
        }
        catch (WireException)
        {
            return "ForeignFile";
        }
    }

    private sealed class Checker(string path, List<IndexedEntry> entries, Func<IndexedEntry, SessionEntry> load, CancellationToken cancellationToken)
    {
        private readonly SessionTree _tree = new(entries);

        public List<OpiFinding> Findings { get; } = [];

        public void Lines(SessionRecovery recovery, long lines)
        {
            foreach (LineFault fault in recovery.Faults)
            {
                bool text = fault.Reason != EntryWire.NotUtf8;
                Findings.Add(
                    new OpiFinding(
                        path,
                        FindingSeverity.Error,
                        text ? "CorruptLine" : "InvalidUtf8",
                        fault.Line,
                        fault.Offset,
                        null,
                        $"The line is not an entry: {fault.Reason}."));
            }

            if (recovery.TornTailOffset is { } offset)
            {
                Findings.Add(
                    new OpiFinding(
                        path,
                        FindingSeverity.Warning,
                        "TornTail",
                        lines + 1,
                        offset,
                        null,
                        $"The last line is unfinished: {recovery.TornTailBytes} bytes of a write that was cut off."));
            }
            else if (recovery.MissingNewline)
            {
                Findings.Add(
                    new OpiFinding(
                        path,
                        FindingSeverity.Information,
                        "MissingNewline",
                        lines,
                        entries.Count > 0 ? entries[^1].Offset : 0,
                        null,
                        "The last line is whole but lacks its line end."));
            }

            foreach (IndexedEntry entry in entries.Where(entry => entry.Type == EntryType.Unknown))
            {
                Add(
                    FindingSeverity.Information,
                    "UnknownType",
                    entry,
                    $"The type '{((UnknownEntry)load(entry)).TypeName}' is not known to this Opi; the entry is kept, not used.");
            }
        }

        public void Ids()
        {
            var first = new Dictionary<string, IndexedEntry>();
            foreach (IndexedEntry entry in entries.Where(entry => entry.Type != EntryType.Unknown || entry.Id.Length > 0))
            {
                if (!first.TryAdd(entry.Id, entry))
                {
                    Add(
                        FindingSeverity.Error,
                        "DuplicateId",
                        entry,
                        $"The id '{entry.Id}' is used in line {first[entry.Id].Line} already; the later entry counts.");
                }
            }
        }

        public void Parents()
        {
            var byId = new Dictionary<string, int>();
            for (int i = 0; i < entries.Count; i++)
            {
                byId[entries[i].Id] = i;
            }

            // 0: not seen, otherwise the number of the walk that saw it: meeting the own number again is a cycle.
            int[] seenBy = new int[entries.Count];
            for (int i = 0; i < entries.Count; i++)
            {
                int position = i;
                while (seenBy[position] == 0)
                {
                    seenBy[position] = i + 1;
                    if (entries[position] is not { Type: not EntryType.Leaf, ParentId: { } parent })
                    {
                        break;
                    }

                    if (!byId.TryGetValue(parent, out int above))
                    {
                        Add(FindingSeverity.Error, "MissingParent", entries[position], $"The parent '{parent}' is not in the file.");
                        break;
                    }

                    if (seenBy[above] == i + 1)
                    {
                        Add(FindingSeverity.Error, "Cycle", entries[above], $"The parents of '{entries[above].Id}' lead back to it.");
                    }

                    position = above;
                }
            }
        }

        public void Targets()
        {
            var content = new HashSet<string>();
            foreach (IndexedEntry entry in entries)
            {
                if (entry.Type == EntryType.Compaction && !content.Contains(entry.TargetId!))
                {
                    Add(
                        FindingSeverity.Warning,
                        "CompactionTargetMissing",
                        entry,
                        $"The compaction keeps messages from '{entry.TargetId}' on, which is not before it; nothing before it is in the context.");
                }
                else if (entry.Type == EntryType.Leaf && _tree.FindContent(entry.TargetId!) is null)
                {
                    Add(
                        FindingSeverity.Warning,
                        "LeafTargetMissing",
                        entry,
                        $"The leaf points to '{entry.TargetId}', which is not a message or compaction; it has no effect.");
                }

                else if (entry.TargetIds?.FirstOrDefault(id => !content.Contains(id)) is { } missing && !entry.Removes)
                {
                    bool isPin = entry.Type == EntryType.Pin;
                    Add(
                        FindingSeverity.Warning,
                        isPin ? "PinTargetMissing" : "ClearingTargetMissing",
                        entry,
                        $"The {(isPin ? "pin" : "clearing")} names '{missing}', which is not a message before it; for that one it has no effect.");
                }

                if (entry.IsContent)
                {
                    content.Add(entry.Id);
                }
            }
        }

        public void ToolCalls()
        {
            var calls = new Dictionary<string, IndexedEntry>();
            var answered = new HashSet<string>();
            foreach (IndexedEntry entry in entries.Where(entry => entry.Role is EntryRole.Assistant or EntryRole.ToolResult))
            {
                cancellationToken.ThrowIfCancellationRequested();
                switch (((MessageEntry)load(entry)).Message)
                {
                    case AssistantMessage answer:
                        foreach (ToolCallContent call in answer.ToolCalls)
                        {
                            calls[call.Id] = entry;
                        }

                        break;
                    case ToolResultMessage result when calls.ContainsKey(result.ToolCallId):
                        answered.Add(result.ToolCallId);
                        break;
                    case ToolResultMessage result:
                        Add(
                            FindingSeverity.Warning,
                            "ToolResultWithoutCall",
                            entry,
                            $"The result answers the call '{result.ToolCallId}', which is not before it.");
                        break;
                }
            }

            foreach ((string id, IndexedEntry entry) in calls.Where(call => !answered.Contains(call.Key)))
            {
                Add(FindingSeverity.Warning, "ToolCallWithoutResult", entry, $"The call '{id}' has no result.");
            }
        }

        public void Prompts()
        {
            IReadOnlyList<IndexedEntry> branch = [.. _tree.ActiveBranch.Where(entry => entry.Role != EntryRole.System)];
            for (int i = 0; i < branch.Count; i++)
            {
                if (branch[i].Role == EntryRole.User && (i + 1 == branch.Count || branch[i + 1].Role == EntryRole.User))
                {
                    Add(FindingSeverity.Information, "PromptWithoutAnswer", branch[i], "The prompt has no answer.");
                }
            }
        }

        private void Add(FindingSeverity severity, string code, IndexedEntry entry, string message) =>
            Findings.Add(new OpiFinding(path, severity, code, entry.Line, entry.Offset, entry.Id, message));
    }
}
