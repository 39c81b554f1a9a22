using System.Collections;
using System.Management.Automation;
using System.Text;
using System.Text.Json;

namespace Opi.PowerShell.Tests;

/// <summary>
/// Stands in for the three cmdlets of the Utility module that a script needs to talk to a provider, in an engine without that module. In
/// tests/Pester the scripts run with the real ones.
/// </summary>
public static class RestStandIn
{
    /// <summary>Functions of the cmdlets' names.</summary>
    internal const string Functions = """
        function global:Invoke-RestMethod ([string] $Method, [string] $Uri, [hashtable] $Headers, [string] $ContentType, [string] $Body) {
            [Opi.PowerShell.Tests.RestStandIn]::Send($Method, $Uri, $Headers, $ContentType, $Body)
        }
        function global:ConvertTo-Json ([Parameter(ValueFromPipeline)] $InputObject, [int] $Depth = 2) {
            process { [Opi.PowerShell.Tests.RestStandIn]::ToJson($InputObject, $Depth) }
        }
        function global:ConvertFrom-Json ([Parameter(ValueFromPipeline)] [string] $InputObject) {
            process { [Opi.PowerShell.Tests.RestStandIn]::FromJson($InputObject) }
        }
        """;

    /// <summary>Sends a request and gives the body of the answer; an error status is an error with the body.</summary>
    public static object? Send(string method, string uri, Hashtable? headers, string contentType, string body)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(new HttpMethod(method), uri) { Content = new StringContent(body, Encoding.UTF8, contentType) };
        foreach (DictionaryEntry header in headers ?? [])
        {
            request.Headers.TryAddWithoutValidation((string)header.Key, (string?)header.Value);
        }

        using HttpResponseMessage response = client.Send(request);
        using var reader = new StreamReader(response.Content.ReadAsStream());
        string answer = reader.ReadToEnd();
        return response.IsSuccessStatusCode ? FromJson(answer) : throw new InvalidOperationException($"{(int)response.StatusCode}: {answer}");
    }

    /// <summary>Tables, objects and lists as JSON. What nests deeper than asked is an error here.</summary>
    public static string ToJson(object? value, int depth)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            Write(writer, value, depth);
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    /// <summary>JSON as custom objects and arrays.</summary>
    public static object? FromJson(string json) => Read(JsonDocument.Parse(json).RootElement);

    private static void Write(Utf8JsonWriter writer, object? value, int depth)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(depth);
        object? bare = value is PSObject { BaseObject: not PSCustomObject } wrapped ? wrapped.BaseObject : value;
        switch (bare)
        {
            case null or string or bool or int or long or double or decimal:
                JsonSerializer.Serialize(writer, bare);
                break;
            case IDictionary table:
                writer.WriteStartObject();
                foreach (DictionaryEntry entry in table)
                {
                    writer.WritePropertyName(entry.Key.ToString()!);
                    Write(writer, entry.Value, depth - 1);
                }

                writer.WriteEndObject();
                break;
            case IEnumerable list:
                writer.WriteStartArray();
                foreach (object? item in list)
                {
                    Write(writer, item, depth - 1);
                }

                writer.WriteEndArray();
                break;
            default:
                throw new ArgumentException($"A {bare.GetType()} in a request.", nameof(value));
        }
    }

    private static object? Read(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                var result = new PSObject();
                foreach (JsonProperty member in value.EnumerateObject())
                {
                    result.Properties.Add(new PSNoteProperty(member.Name, Read(member.Value)));
                }

                return result;
            case JsonValueKind.Array:
                return value.EnumerateArray().Select(Read).ToArray();
            case JsonValueKind.Number:
                return value.TryGetInt64(out long count) ? count : value.GetDouble();
            case JsonValueKind.String:
                return value.GetString();
            default:
                return value.ValueKind == JsonValueKind.Null ? null : value.GetBoolean();
        }
    }
}
