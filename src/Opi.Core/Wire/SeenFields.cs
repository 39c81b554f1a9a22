namespace Opi;

/// <summary>Which fields of an object have been read, so that a field given twice or not at all is noticed.</summary>
internal struct SeenFields
{
    private uint _seen;

    /// <summary>Notes a field, which must be its first time.</summary>
    public void Once(int field, string name)
    {
        if (Has(field))
        {
            throw new WireException($"'{name}' given twice");
        }

        _seen |= 1u << field;
    }

    /// <summary>Whether the field was read.</summary>
    public readonly bool Has(int field) => (_seen & (1u << field)) != 0;

    /// <summary>Asks for the field.</summary>
    public readonly void Require(int field, string name)
    {
        if (!Has(field))
        {
            throw new WireException($"no '{name}'");
        }
    }
}
