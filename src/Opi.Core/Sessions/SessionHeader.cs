using System.Text.Json;

namespace Opi;

/// <summary>The first line of a session file.</summary>
/// <param name="Id">The session's id, which is also the file's name.</param>
/// <param name="Timestamp">When it was created, as the file has it: <c>YYYY-MM-DDThh:mm:ssZ</c>.</param>
/// <param name="WorkingDirectory">The folder the agent worked in (<c>cwd</c>).</param>
/// <param name="ParentSession">The session that this one was forked from; null for none.</param>
internal sealed record SessionHeader(string Id, string Timestamp, string WorkingDirectory, string? ParentSession)
{
    /// <summary>The format version that is written unless another is asked for.</summary>
    public const int DefaultVersion = 1;

    /// <summary>The highest format version that is read and written.</summary>
    public const int HighestVersion = 2;

    public int Version { get; init; } = DefaultVersion;

    /// <summary>What a version 2 session is bound to; null in version 1.</summary>
    public RuntimeInputBinding? RuntimeInputBinding { get; init; }

    public DateTimeOffset? CreatedAt => WireTime.Parse(Timestamp);

    private static readonly WireFields Fields =
        WireFields.Of([Field.Version, Field.Id, Field.Timestamp, Field.Cwd], extras: Field.RuntimeInputBinding); // null may be repeated

    private enum Field
    {
        Type,
        Version,
        Id,
        Timestamp,
        Cwd,
        ParentSession,
        RuntimeInputBinding,
    }

    public static void Write(Utf8JsonWriter writer, SessionHeader header)
    {
        writer.WriteStartObject();
        writer.WriteString("type"u8, "session"u8);
        writer.WriteNumber("version"u8, header.Version);
        writer.WriteString("id"u8, header.Id);
        writer.WriteString("timestamp"u8, header.Timestamp);
        writer.WriteString("cwd"u8, header.WorkingDirectory);
        writer.WriteString("parent_session"u8, header.ParentSession);
        if (header.RuntimeInputBinding is { } binding)
        {
            writer.WritePropertyName("runtime_input_binding"u8);
            RuntimeInputBinding.Write(writer, binding);
        }

        writer.WriteEndObject();
    }

    /// <summary>Reads a header line, without its line end.</summary>
    /// <exception cref="WireException">It is not a header of a version this library reads; the message is the reason.</exception>
    public static SessionHeader Read(ReadOnlySpan<byte> line)
    {
        if (!System.Text.Unicode.Utf8.IsValid(line))
        {
            throw new WireException(EntryWire.NotUtf8);
        }

        var json = new JsonCursor(line);
        JsonString type = MessageWire.FindTag(json, "type"u8);
        if (!type.Is("session"u8))
        {
            throw new WireException($"expected a header of type 'session', found '{type.ToString()}'");
        }

        var fields = new FieldReader(Fields);
        long version = 0;
        string id = "", timestamp = "", cwd = "";
        string? parent = null;
        RuntimeInputBinding? binding = null;
        json.BeginObject();
        while (fields.Next(ref json, out int field))
        {
            switch ((Field)field)
            {
                case Field.Version:
                    version = json.ReadCount();
                    break;
                case Field.Id:
                    id = json.ReadString().ToString();
                    break;
                case Field.Timestamp:
                    timestamp = json.ReadString().ToString();
                    break;
                case Field.Cwd:
                    cwd = json.ReadString().ToString();
                    break;
                case Field.ParentSession:
                    parent = json.TryReadString(out JsonString value) ? value.ToString() : null;
                    break;
                case Field.RuntimeInputBinding:
                    if (!json.TryReadNull())
                    {
                        fields.Once(field);
                        binding = RuntimeInputBinding.Read(ref json);
                    }

                    break;
                case Field.Type:
                    json.Skip();
                    break;
            }
        }

        json.End();
        fields.Require();
        if (version is < 1 or > HighestVersion)
        {
            throw new UnknownVersionException(version);
        }

        if (version == 1 != binding is null)
        {
            throw new WireException($"a version {version} header with{(binding is null ? "out" : "")} a runtime_input_binding");
        }

        return new SessionHeader(id, timestamp, cwd, parent) { Version = (int)version, RuntimeInputBinding = binding };
    }
}
