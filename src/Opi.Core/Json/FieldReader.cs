using System.Text;

namespace Opi;

/// <summary>Reads the fields of an object, in any order. A field that is given twice, or is required and missing, is an error.</summary>
/// <param name="fields">The fields.</param>
/// <param name="known">A bit for each of them that this object can have; the others are skipped as unknown ones are.</param>
internal ref struct FieldReader(WireFields fields, uint known = uint.MaxValue)
{
    private readonly WireFields _fields = fields;
    private readonly uint _known = known;
    private uint _seen;
    private int _expected;

    /// <summary>Goes to the value of the next field; unknown ones are skipped. False at the end of the object.</summary>
    /// <param name="json">In the object.</param>
    /// <param name="field">The number of the field.</param>
    /// <exception cref="WireException">The field was read before.</exception>
    public bool Next(ref JsonCursor json, out int field)
    {
        while (Next(ref json, out field, out _))
        {
            if (field >= 0)
            {
                return true;
            }

            json.Skip();
        }

        return false;
    }

    /// <summary>The same for those who keep unknown fields: their number is -1.</summary>
    public bool Next(scoped ref JsonCursor json, out int field, out JsonString name)
    {
        field = -1;
        if (!json.NextProperty(out name))
        {
            return false;
        }

        int found = _fields.Find(name, _expected);
        if (found >= 0 && (_known & (1u << found)) != 0)
        {
            field = found;
            _expected = found + 1;
            if (found < _fields.Extras)
            {
                Once(found);
            }
        }

        return true;
    }

    /// <summary>Notes a field, which must not have been noted before.</summary>
    public void Once(int field)
    {
        if ((_seen & (1u << field)) != 0)
        {
            throw new WireException($"'{Encoding.UTF8.GetString(_fields[field])}' given twice");
        }

        _seen |= 1u << field;
    }

    public readonly void Require() => Require(_fields.Required);

    /// <summary>Asks for fields, a bit for each.</summary>
    public readonly void Require(uint required)
    {
        uint missing = required & ~_seen;
        if (missing != 0)
        {
            throw new WireException($"no '{Encoding.UTF8.GetString(_fields[System.Numerics.BitOperations.TrailingZeroCount(missing)])}'");
        }
    }
}
