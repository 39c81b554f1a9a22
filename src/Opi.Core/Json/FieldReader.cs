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
        while (json.NextProperty(out JsonString name))
        {
            field = _fields.Find(name, _expected);
            if (field >= 0 && (_known & (1u << field)) != 0)
            {
                _expected = field + 1;
                if (field < _fields.Extras)
                {
                    Once(field);
                }

                return true;
            }

            json.Skip();
        }

        field = -1;
        return false;
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

    /// <summary>Asks for the required fields.</summary>
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
