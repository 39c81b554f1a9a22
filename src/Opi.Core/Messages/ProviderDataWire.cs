using System.Text.Json;

namespace Opi;

/// <summary>
/// The wire form of <see cref="ProviderData"/>: a member that opi skips. The provider's JSON is a text in it, since opi refuses a line that
/// nests too deep or has half a surrogate pair.
/// </summary>
internal static class ProviderDataWire
{
    public static ReadOnlySpan<byte> Name => "provider_data"u8;

    public static void Write(Utf8JsonWriter writer, ProviderData? data)
    {
        if (data is null)
        {
            return;
        }

        writer.WriteStartObject(Name);
        writer.WriteString("shape"u8, data.Shape);
        SerdeJson.WriteText(writer, "json"u8, data.Json);
        writer.WriteEndObject();
    }

    /// <summary>Reads it; null when it is something else.</summary>
    public static ProviderData? Read(ref JsonCursor json)
    {
        if (!json.AtObject())
        {
            json.Skip();
            return null;
        }

        string? shape = null, text = null;
        json.BeginObject();
        while (json.NextProperty(out JsonString name))
        {
            if (name.Is("shape"u8) && json.AtString())
            {
                shape = json.ReadString().ToString();
            }
            else if (name.Is("json"u8) && json.AtString())
            {
                text = json.ReadString().ToString();
            }
            else
            {
                json.Skip();
            }
        }

        return shape is not null && text is not null ? new ProviderData(shape, text) : null;
    }
}
