using System.Collections;
using System.Collections.Specialized;
using System.Diagnostics.CodeAnalysis;

namespace Opi.PowerShell;

/// <summary>
/// A request of a turn as a script gets it: an ordered table of the body's members, which can be changed before it is sent. The properties
/// are not members: ConvertTo-Json writes the members only.
/// </summary>
[SuppressMessage("Design", "CA1010", Justification = "It is the table that scripts know, with a few properties.")]
public sealed class OpiRequest : OrderedDictionary
{
    internal OpiRequest(TurnRequest request)
        : base(StringComparer.OrdinalIgnoreCase)
    {
        foreach (DictionaryEntry member in (IDictionary)JsonTable.Of(request.Body)!)
        {
            this[member.Key] = member.Value;
        }

        ModelId = ModelName.Split(request.Model).Model;
        Shape = request.Provider;
        Round = request.Round;
        Attempt = request.Attempt;
    }

    /// <summary>The body as JSON text, as its members are now.</summary>
    public string Json => ObjectJson.ToText(this);

    /// <summary>The model without its provider, for addresses that name it; empty when not known.</summary>
    public string ModelId { get; }

    /// <summary>Whose shape the request has.</summary>
    public Provider Shape { get; }

    /// <summary>The number of the request in the turn, from 1.</summary>
    public int Round { get; }

    /// <summary>Which try it is, from 1.</summary>
    public int Attempt { get; }
}
