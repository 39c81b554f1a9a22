namespace Opi;

/// <summary>The names that an agent has for the members of a usage. A number under any other name is noted as not understood.</summary>
internal sealed class CountNames(params (string Name, CountKind Kind)[] names)
{
    /// <summary>Reads a usage. A value that is not an object has no counts.</summary>
    public CountTally Read(LogValue usage)
    {
        var tally = new CountTally();
        if (!usage.IsObject)
        {
            return tally;
        }

        var json = new JsonCursor(usage.Raw, lenient: true);
        json.BeginObject();
        while (json.NextProperty(out JsonString name))
        {
            switch (KindOf(name))
            {
                case null:
                    tally.Unknown.Read("", name, ref json);
                    break;
                case CountKind.Ignored:
                    json.Skip();
                    break;
                case CountKind.Money:
                    tally.Money = LogText.ReadMoney(json.Skip());
                    break;
                case { } kind:
                    tally.Set(kind, tally.Unknown.ReadCount("", name, ref json));
                    break;
            }
        }

        return tally;
    }

    /// <summary>What a member counts; null when its name is not known.</summary>
    public CountKind? KindOf(JsonString name)
    {
        foreach ((string known, CountKind kind) in names)
        {
            if (name.Is(known))
            {
                return kind;
            }
        }

        return null;
    }
}
