namespace Opi;

/// <summary>Which fields of an object have been read, so that a field given twice or not at all is noticed.</summary>
internal struct SeenFields
{
    private uint _seen;

    /// <summary>Whether the name is the field's. If so, the field is marked as seen; a second time is an error.</summary>
    public bool Match(JsonString name, int field, ReadOnlySpan<byte> fieldName)
    {
        if (!name.Is(fieldName))
        {
            return false;
        }

        Once(field, fieldName);
        return true;
    }

    /// <summary>Notes a field, which must be so for the first time.</summary>
    public void Once(int field, ReadOnlySpan<byte> fieldName)
    {
        if (Has(field))
        {
            throw new WireException($"'{System.Text.Encoding.UTF8.GetString(fieldName)}' given twice");
        }

        _seen |= 1u << field;
    }

    /// <summary>Whether the field was read.</summary>
    public readonly bool Has(int field) => (_seen & (1u << field)) != 0;

    /// <summary>Asks for the field.</summary>
    public readonly void Require(int field, ReadOnlySpan<byte> fieldName)
    {
        if (!Has(field))
        {
            throw new WireException($"no '{System.Text.Encoding.UTF8.GetString(fieldName)}'");
        }
    }
}
