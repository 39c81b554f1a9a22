using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Opi;

/// <summary>
/// What a version 2 session is bound to: the input it was started with. It never changes. Opi writes the kind <c>direct_runtime_input</c>,
/// whose digest is over the session's id, its folder and its model.
/// </summary>
/// <param name="Kind">direct_runtime_input or active_snapshot.</param>
/// <param name="Digest">For direct_runtime_input: a SHA-256 as 64 lowercase hexadecimal digits.</param>
/// <param name="AssemblySource">For direct_runtime_input: who put the input together.</param>
/// <param name="SnapshotReference">For active_snapshot: the snapshot.</param>
internal sealed record RuntimeInputBinding(string Kind, string? Digest, string? AssemblySource, string? SnapshotReference)
{
    private const string DirectInput = "direct_runtime_input";
    private const string Snapshot = "active_snapshot";

    private static readonly WireFields Fields = WireFields.Of<Field>([]);

    private enum Field
    {
        Kind,
        Digest,
        AssemblySource,
        SnapshotRef,
    }

    /// <summary>
    /// The binding of a new session. The digest is the SHA-256 of the UTF-8 text of id, folder and model, each ended by LF; a model that is
    /// not known is an empty line.
    /// </summary>
    public static RuntimeInputBinding Create(string sessionId, string workingDirectory, string? model)
    {
        byte[] digest = SHA256.HashData(Encoding.UTF8.GetBytes($"{sessionId}\n{workingDirectory}\n{model}\n"));
        Version version = typeof(RuntimeInputBinding).Assembly.GetName().Version!;
        return new RuntimeInputBinding(DirectInput, Convert.ToHexString(digest).ToLowerInvariant(), $"opi.powershell/{version.ToString(3)}", null);
    }

    internal static void Write(Utf8JsonWriter writer, RuntimeInputBinding binding)
    {
        writer.WriteStartObject();
        writer.WriteString("kind"u8, binding.Kind);
        if (binding.Kind == Snapshot)
        {
            writer.WriteString("snapshot_ref"u8, binding.SnapshotReference);
        }
        else
        {
            writer.WriteString("digest"u8, binding.Digest);
            writer.WriteString("assembly_source"u8, binding.AssemblySource);
        }

        writer.WriteEndObject();
    }

    /// <exception cref="WireException">It is not a binding.</exception>
    internal static RuntimeInputBinding Read(ref JsonCursor json)
    {
        var fields = new FieldReader(Fields);
        string kind = "";
        string? digest = null, source = null, snapshot = null;
        json.BeginObject();
        while (fields.Next(ref json, out int field))
        {
            string text = json.ReadString().ToString();
            switch ((Field)field)
            {
                case Field.Kind:
                    kind = text;
                    break;
                case Field.Digest:
                    digest = text;
                    break;
                case Field.AssemblySource:
                    source = text;
                    break;
                case Field.SnapshotRef:
                    snapshot = text;
                    break;
            }
        }

        switch (kind)
        {
            case DirectInput when digest is not { Length: 64 } || !digest.All(c => c is (>= '0' and <= '9') or (>= 'a' and <= 'f')):
                throw new WireException("the digest of its runtime_input_binding is not 64 lowercase hexadecimal digits");
            case DirectInput when string.IsNullOrWhiteSpace(source) || source.Trim() != source || source.Any(char.IsControl):
                throw new WireException(
                    "the assembly_source of its runtime_input_binding is empty, has white space at its ends, or has control characters");
            case DirectInput:
                return new RuntimeInputBinding(kind, digest, source, null);
            case Snapshot when snapshot is not null:
                return new RuntimeInputBinding(kind, null, null, snapshot);
            default:
                throw new WireException($"unknown kind '{kind}' of runtime_input_binding");
        }
    }
}
