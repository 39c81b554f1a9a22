namespace Opi;

/// <summary>How a session is opened.</summary>
public sealed record SessionOptions
{
    /// <summary>
    /// The model as <c>provider:model</c>. For an existing session null means that of its last active answer, or of a later change of model.
    /// </summary>
    public string? Model { get; init; }

    /// <summary>The folder the agent works in.</summary>
    public string WorkingDirectory { get; init; } = Environment.CurrentDirectory;

    /// <summary>When and how to compact.</summary>
    public OpiCompactionPolicy Compaction { get; init; } = new();

    /// <summary>When a write counts as done.</summary>
    public Durability Durability { get; init; }

    /// <summary>How long to wait for a session that another writer has open; zero for not at all.</summary>
    public TimeSpan LockTimeout { get; init; }

    /// <summary>
    /// Whether a file system that does not lock files is accepted. Then nothing keeps another process from writing to the session at the same
    /// time; where the file system has locks they count all the same.
    /// </summary>
    public bool WithoutLocks { get; init; }

    /// <summary>The format version of a new session: 1, or 2.</summary>
    public int FormatVersion { get; init; } = SessionHeader.DefaultVersion;

    /// <summary>The clock: the times of what is written, and how long <see cref="LockTimeout"/> is.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>What is taken out of tool calls and tool details before they are written.</summary>
    public Redaction Redaction { get; init; }
}
