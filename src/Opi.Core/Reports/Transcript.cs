namespace Opi;

/// <summary>Writes the messages of a session one after the other, in one form.</summary>
internal abstract class Transcript(ExportContent content) : IDisposable
{
    /// <summary>What is let through.</summary>
    protected ExportContent Content { get; } = content;

    /// <summary>Whether each message is to be given to <see cref="Plan"/> before the first one is written.</summary>
    public virtual bool HasPlan => false;

    /// <summary>Takes notice of a message that will be written.</summary>
    public virtual void Plan(AgentMessage message)
    {
    }

    /// <summary>Writes what comes before the messages.</summary>
    public abstract void Begin(SessionHeader header);

    /// <summary>Writes a message.</summary>
    public void Add(AgentMessage message)
    {
        if (!Content.Includes(message))
        {
            return;
        }

        switch (message)
        {
            case UserMessage user:
                Add(user);
                break;
            case SystemMessage system:
                Add(system);
                break;
            case AssistantMessage answer:
                Add(answer);
                break;
            case ToolResultMessage result:
                Add(result);
                break;
            case CompactionSummaryMessage summary:
                Add(summary);
                break;
            case BranchSummaryMessage summary:
                Add(summary);
                break;
        }
    }

    /// <summary>Writes what comes after them.</summary>
    public abstract void End();

    /// <summary>Passes on what was written.</summary>
    public abstract void Dispose();

    /// <summary>Writes a prompt.</summary>
    protected abstract void Add(UserMessage message);

    /// <summary>Writes what the system says.</summary>
    protected abstract void Add(SystemMessage message);

    /// <summary>Writes an answer.</summary>
    protected abstract void Add(AssistantMessage message);

    /// <summary>Writes a tool's result.</summary>
    protected abstract void Add(ToolResultMessage message);

    /// <summary>Writes the summary of compacted messages.</summary>
    protected abstract void Add(CompactionSummaryMessage message);

    /// <summary>Writes the summary of a branch that was left.</summary>
    protected abstract void Add(BranchSummaryMessage message);
}
