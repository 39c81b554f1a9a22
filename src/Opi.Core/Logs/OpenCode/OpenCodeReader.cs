namespace Opi;

/// <summary>Reads a message of opencode that is a document.</summary>
internal sealed class OpenCodeReader(LogPart part) : ObjectLineReader(part)
{
    protected override bool ReadObject(ref JsonCursor json)
    {
        var message = new OpenCodeMessage();
        message.Read(ref json);
        Part.File.Began ??= message.Time;
        bool isAnswer = message.Role.Is("assistant"u8) || (message.Role.Raw.IsEmpty && message.Counts is not null);
        if (!isAnswer)
        {
            return true;
        }

        Part.File.HasResponses |= message.Counts is not null;
        Answers++;
        if (message.ToDraft(UsageSource.OpenCode, "opencode", LogText.Read(message.Session), LogText.Read(message.Id), new()) is { } draft)
        {
            draft.Path = Part.File.Path;
            Part.Drafts.Add(draft);
        }
        else if (message.Unknown.HasBadCount)
        {
            Skip(NoCount);
        }

        return true;
    }
}
