using System.Management.Automation;
using System.Text.Json;

namespace Opi.PowerShell.Commands;

/// <summary>Turns the reply of a model's provider into a message.</summary>
[Cmdlet(VerbsData.ConvertTo, "OpiMessage")]
[OutputType(typeof(AssistantMessage))]
public sealed class ConvertToOpiMessageCommand : OpiCmdlet
{
    private readonly List<JsonElement> _pieces = [];

    /// <summary>The reply.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [AllowEmptyString]
    [AllowEmptyCollection]
    public object InputObject { get; set; } = null!;

    /// <summary>Whose shape it has.</summary>
    [Parameter]
    [Name<Provider>]
    public Provider? Provider { get; set; }

    /// <summary>The model that was asked, as provider:model. Not taken from the pipeline: a reply has a member of this name.</summary>
    [Parameter]
    [EmptyAsNull]
    [ArgumentCompleter(typeof(ModelCompleter))]
    public string? Model { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForItem(
        () =>
        {
            JsonElement reply = ReplyObject.ToElement(InputObject);
            if (ProviderReply.IsPiece(reply, _pieces.Count > 0))
            {
                _pieces.Add(reply);
                return;
            }

            WritePieces();
            Write(reply);
        },
        InputObject);

    /// <inheritdoc/>
    protected override void EndProcessing() => ForItem(WritePieces);

    /// <summary>What came in pieces, as lines or chunks, is one reply.</summary>
    private void WritePieces()
    {
        if (_pieces.Count > 0)
        {
            JsonElement reply = ProviderReply.Join(_pieces);
            _pieces.Clear();
            Write(reply);
        }
    }

    private void Write(JsonElement reply)
    {
        foreach (Message message in ProviderReply.Parse(reply, Provider, Model))
        {
            WriteObject(message);
        }
    }
}
