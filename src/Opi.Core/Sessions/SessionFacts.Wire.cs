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
        to.Write(Summaries);
        to.Write(HasLeaf);
        to.Write(IsInFileOrder);
        to.Write(HasBranchSummary);
        to.Write(HasClearing);
        to.Write(CountInForce);
        to.Write(_lastContent);
        to.Write(Tokens.InputTokens);
        to.Write(Tokens.OutputTokens);
        to.Write(Tokens.CacheReadTokens);
        to.Write(Tokens.CacheWriteTokens);
        to.Write(TurnsInForce.Turns);
        to.Write(TurnsInForce.Unknown);
        to.Write(TurnsInForce.UnknownInTurn);
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

        to.Write(_inForce.Count);
        foreach ((long from, long last) in _inForce)
        {
            to.Write(from);
            to.Write(last);
        }

        to.Write(Branches?.Count ?? -1);
        to.Write(ActiveBranch);
        foreach (KnownBranch branch in Branches ?? [])
        {
            to.Write(branch.Tip);
            Write(to, branch.At);
            to.Write(branch.Depth);
            to.Write(branch.Entries);
            Write(to, branch.ForkPoint);
        }
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
            Summaries = from.ReadInt32(),
            HasLeaf = from.ReadBoolean(),
            IsInFileOrder = from.ReadBoolean(),
            HasBranchSummary = from.ReadBoolean(),
            HasClearing = from.ReadBoolean(),
            CountInForce = from.ReadInt32(),
            _lastContent = from.ReadInt64(),
            Tokens = new CumulativeUsage(from.ReadInt64(), from.ReadInt64(), from.ReadInt64(), from.ReadInt64(), 0, 0),
            TurnsInForce = new TurnCount(from.ReadInt32(), from.ReadInt32(), from.ReadBoolean()),
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
        facts._inForce = [.. Enumerable.Range(0, from.ReadInt32()).Select(_ => (from.ReadInt64(), from.ReadInt64()))];
        int branches = from.ReadInt32();
        facts.ActiveBranch = from.ReadInt32();
        facts.Branches = branches < 0 ? null : [.. Enumerable.Range(0, branches).Select(_ =>
            new KnownBranch(from.ReadString(), ReadPlace(from), from.ReadInt32(), from.ReadInt32(), ReadText(from)))];
        return facts;
    }

    private static IOException NotThere() => new("the entry that was the last is not there");

    private static void Write(BinaryWriter to, LinePlace place)
    {
        to.Write(place.Line);
        to.Write(place.Offset);
        to.Write(place.Length);
    }

    private static LinePlace ReadPlace(BinaryReader from) => new(from.ReadInt64(), from.ReadInt64(), from.ReadInt32());

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
