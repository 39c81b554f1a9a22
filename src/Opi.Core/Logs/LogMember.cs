namespace Opi;

/// <summary>A member of an object in a log.</summary>
internal readonly ref struct LogMember(JsonString name, LogValue value)
{
    /// <summary>Its name.</summary>
    public JsonString Name { get; } = name;

    /// <summary>Its value.</summary>
    public LogValue Value { get; } = value;
}
