namespace Opi;

internal sealed partial class SessionFacts
{
    /// <summary>Writes the facts.</summary>
    public void Write(BinaryWriter to)
    {
        to.Write(Length);
        to.Write(Lines);
        to.Write(Entries);
        to.Write(Turns);
        UInt128 next = Sequence.Mark();
        to.Write((ulong)(next >> 64));
        to.Write((ulong)next);
        to.Write(HasLeaf);
        to.Write(IsInFileOrder);
        to.Write(HasBranchSummary);
        to.Write(HasClearing);
        to.Write(_lastContent);
        to.Write(Tokens.InputTokens);
        to.Write(Tokens.OutputTokens);
        to.Write(Tokens.CacheReadTokens);
        to.Write(Tokens.CacheWriteTokens);
        to.Write(ContextCount!.Value);
        Write(to, Model);
        Write(to, Metadata.Name);
        Write(to, Metadata.Model);
        to.Write(Metadata.ThinkingLevel is { } level ? (long)level : -1);
        to.Write(Metadata.Labels.Count);
        foreach (string label in Metadata.Labels)
        {
            to.Write(label);
        }

        Write(to, Tip?.Id);
        if (Tip is { } tip)
        {
            Write(to, LinePlace.Of(tip));
        }

        var models = new List<string>();
        Write(to, _chain, models);
        Write(to, _inForce);
        to.Write(Branches?.Count ?? -1);
        to.Write(ActiveBranch);
        foreach (KnownBranch branch in Branches ?? [])
        {
            to.Write(branch.Tip);
            Write(to, branch.At);
            to.Write7BitEncodedInt(branch.Depth);
            to.Write7BitEncodedInt(branch.Entries);
            Write(to, branch.ForkPoint);
            Write(to, branch.Runs);
            Write(to, branch.End, models);
        }

        to.Write(_isAscending);
        to.Write(_nextNumber);
        to.Write(_markStep);
        to.Write(_marks.Count);
        foreach (ChainMark mark in _marks)
        {
            to.Write(mark.Number);
            Write(to, mark.At);
            Write(to, mark.State, models);
        }

        to.Write(_hanging?.Count ?? -1);
        foreach (HangingEntry entry in _hanging ?? [])
        {
            Write(to, entry.At);
            to.Write7BitEncodedInt64(entry.Parent + 1);
        }

        to.Write(_hangsPlainly);
    }

    /// <summary>Reads facts.</summary>
    /// <param name="from">What <see cref="Write(BinaryWriter)"/> wrote.</param>
    /// <param name="describe">Gives the entry of a place in the session file.</param>
    /// <exception cref="IOException">They are not what was written; a kind of this for an end that comes too early.</exception>
    public static SessionFacts Read(BinaryReader from, Func<LinePlace, IndexedEntry> describe)
    {
        var facts = new SessionFacts
        {
            Length = from.ReadInt64(),
            Lines = from.ReadInt64(),
            Entries = from.ReadInt32(),
            Turns = from.ReadInt32(),
            Sequence = new EntrySequence(new UInt128(from.ReadUInt64(), from.ReadUInt64())),
            HasLeaf = from.ReadBoolean(),
            IsInFileOrder = from.ReadBoolean(),
            HasBranchSummary = from.ReadBoolean(),
            HasClearing = from.ReadBoolean(),
            _lastContent = from.ReadInt64(),
            Tokens = new CumulativeUsage(from.ReadInt64(), from.ReadInt64(), from.ReadInt64(), from.ReadInt64(), 0, 0),
            ContextCount = from.ReadInt32(),
            Model = ReadText(from),
        };
        facts.Metadata = new SessionMetadata
        {
            Name = ReadText(from),
            Model = ReadText(from),
            ThinkingLevel = from.ReadInt64() is >= 0 and long level ? (ThinkingLevel)level : null,
            Labels = new TextList<string>([.. Enumerable.Range(0, from.ReadInt32()).Select(_ => from.ReadString())]),
        };
        facts.Tip = ReadText(from) is { } id ? describe(ReadPlace(from)) is { IsContent: true } tip && tip.Id == id ? tip : throw NotThere() : null;
        var models = new List<string>();
        facts._chain = ReadState(from, models);
        facts._inForce = ReadRuns(from);
        int branches = from.ReadInt32();
        facts.ActiveBranch = from.ReadInt32();
        facts.Branches = branches < 0 ? null : ReadMany(branches, () => new KnownBranch(
            from.ReadString(),
            ReadPlace(from),
            from.Read7BitEncodedInt(),
            from.Read7BitEncodedInt(),
            ReadText(from),
            ReadRuns(from),
            ReadState(from, models)));
        facts._isAscending = from.ReadBoolean();
        facts._nextNumber = from.ReadUInt64();
        facts._markStep = from.ReadInt64();
        facts._marks = ReadMany(from.ReadInt32(), () => new ChainMark(from.ReadUInt64(), ReadPlace(from), ReadState(from, models)));
        int hanging = from.ReadInt32();
        facts._hanging = hanging < 0 ? null : ReadMany(hanging, () => new HangingEntry(ReadPlace(from), from.Read7BitEncodedInt64() - 1));
        facts._hangsPlainly = from.ReadBoolean();
        return facts;
    }

    private static IOException NotThere() => new("the entry that was the last is not there");

    private static void Write(BinaryWriter to, LinePlace place)
    {
        to.Write7BitEncodedInt64(place.Line);
        to.Write7BitEncodedInt64(place.Offset);
        to.Write7BitEncodedInt(place.Length);
    }

    private static LinePlace ReadPlace(BinaryReader from) =>
        new(from.Read7BitEncodedInt64(), from.Read7BitEncodedInt64(), from.Read7BitEncodedInt());

    private static void Write(BinaryWriter to, List<ContentRun> runs)
    {
        to.Write7BitEncodedInt(runs.Count);
        foreach (ContentRun run in runs)
        {
            to.Write7BitEncodedInt64(run.From);
            to.Write7BitEncodedInt64(run.Line);
            to.Write7BitEncodedInt64(run.To - run.From);
        }
    }

    private static List<ContentRun> ReadRuns(BinaryReader from) => ReadMany(from.Read7BitEncodedInt(), () =>
    {
        long start = from.Read7BitEncodedInt64();
        return new ContentRun(start, from.Read7BitEncodedInt64(), start + from.Read7BitEncodedInt64());
    });

    /// <summary>Writes what there is at a place. A model is written once and then named by its number.</summary>
    private static void Write(BinaryWriter to, ChainState state, List<string> models)
    {
        to.Write7BitEncodedInt(state.Messages);
        to.Write7BitEncodedInt(state.Summaries);
        to.Write7BitEncodedInt64(state.Tokens.InputTokens);
        to.Write7BitEncodedInt64(state.Tokens.OutputTokens);
        to.Write7BitEncodedInt64(state.Tokens.CacheReadTokens);
        to.Write7BitEncodedInt64(state.Tokens.CacheWriteTokens);
        to.Write7BitEncodedInt(state.Turns.Turns);
        to.Write7BitEncodedInt(state.Turns.Unknown);
        to.Write(state.Turns.UnknownInTurn);
        to.Write7BitEncodedInt64(state.ModelAt + 1);
        if (state.Model is { } model)
        {
            int number = models.IndexOf(model);
            to.Write7BitEncodedInt(number < 0 ? models.Count + 1 : number + 1);
            if (number < 0)
            {
                models.Add(model);
                to.Write(model);
            }
        }
        else
        {
            to.Write7BitEncodedInt(0);
        }

        to.Write(state.Compaction is not null);
        if (state.Compaction is { } compaction)
        {
            Write(to, compaction);
        }
    }

    private static ChainState ReadState(BinaryReader from, List<string> models)
    {
        (int messages, int summaries) = (from.Read7BitEncodedInt(), from.Read7BitEncodedInt());
        var tokens = new CumulativeUsage(
            from.Read7BitEncodedInt64(), from.Read7BitEncodedInt64(), from.Read7BitEncodedInt64(), from.Read7BitEncodedInt64(), 0, 0);
        var turns = new TurnCount(from.Read7BitEncodedInt(), from.Read7BitEncodedInt(), from.ReadBoolean());
        long modelAt = from.Read7BitEncodedInt64() - 1;
        int model = from.Read7BitEncodedInt();
        if (model == models.Count + 1)
        {
            models.Add(from.ReadString());
        }

        LinePlace? compaction = from.ReadBoolean() ? ReadPlace(from) : null;
        return new ChainState(messages, summaries, tokens, turns, model == 0 ? null : models[model - 1], modelAt, compaction);
    }

    private static List<T> ReadMany<T>(int count, Func<T> read)
    {
        var all = new List<T>();
        for (int i = 0; i < count; i++)
        {
            all.Add(read());
        }

        return all;
    }

    private static void Write(BinaryWriter to, string? text)
    {
        to.Write(text is not null);
        if (text is not null)
        {
            to.Write(text);
        }
    }

    private static string? ReadText(BinaryReader from) => from.ReadBoolean() ? from.ReadString() : null;
}
