using System.Management.Automation;

namespace Opi.PowerShell;

/// <summary>Takes texts and messages for a prompt; a text is a message of the user.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class PromptTransformationAttribute : ArgumentTransformationAttribute
{
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) =>
        LanguagePrimitives.GetEnumerable(inputData) is { } list ? list.Cast<object?>().Select(ToMessage).ToArray() : new[] { ToMessage(inputData) };

    private static Message ToMessage(object? item) => (item is PSObject wrapped ? wrapped.BaseObject : item) switch
    {
        Message message => message,
        string text when !string.IsNullOrWhiteSpace(text) => new UserMessage(text, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()),
        string or null => throw new ArgumentTransformationMetadataException("A prompt is empty: give it a text, or leave -Prompt out."),
        var other => throw new ArgumentTransformationMetadataException(
            $"A prompt is text, or a message as New-OpiMessage makes it; this is {other.GetType().Name}."),
    };
}
