using System.Management.Automation;

namespace Opi.PowerShell;

/// <summary>Makes a record of an error of the library: its id, which scripts test, its category, and what to do.</summary>
internal static class ErrorMap
{
    public static ErrorRecord ToErrorRecord(this OpiException error, object? target = null)
    {
        var record = new ErrorRecord(error, error.ErrorId, CategoryOf(error.ErrorId), target ?? error.Target);
        if (RemedyOf(error) is { } remedy)
        {
            // The message without the remedy: ConciseView prints RecommendedAction below it, and would show it twice.
            record.ErrorDetails = new ErrorDetails(error.Message) { RecommendedAction = remedy };
        }

        return record;
    }

    public static ErrorCategory CategoryOf(string errorId) => errorId switch
    {
        "SessionNotFound" or "EntryNotFound" or "SourceNotFound" => ErrorCategory.ObjectNotFound,
        "InvalidSessionId" or "InvalidWildcard" or "InvalidTool" or "ForeignSession" or "ContextWindowUnknown" or "ReserveTooLarge" =>
            ErrorCategory.InvalidArgument,
        "UnsupportedFormatVersion" or "InvalidSessionFile" or "InvalidMessage" or "UnknownReply" or "InvalidPriceFile" => ErrorCategory.InvalidData,
        "SessionLocked" or "LedgerLocked" => ErrorCategory.ResourceBusy,
        "SessionClosed" => ErrorCategory.ResourceUnavailable,
        "FileNotAccessible" => ErrorCategory.PermissionDenied,
        "PriceFileNotReadable" => ErrorCategory.ReadError,
        "SessionWriteFailed" or "LedgerWriteFailed" or "ExportFailed" => ErrorCategory.WriteError,
        "LocksNotSupported" => ErrorCategory.NotImplemented,
        "CompactionFailed" => ErrorCategory.OperationStopped,
        "ContextOverflow" or "TooManyRounds" or "OverBudget" => ErrorCategory.LimitsExceeded,
        "NothingToSend" => ErrorCategory.InvalidOperation,
        "RequestFailed" => ErrorCategory.ConnectionError,
        "TokenCounterFailed" or "ProviderError" or "SenderFailed" or "AnswerFailed" or "BudgetUnknown" => ErrorCategory.InvalidResult,
        _ => ErrorCategory.NotSpecified,
    };

    /// <summary>The error and what to do, for a warning.</summary>
    public static string Text(this OpiException error) => RemedyOf(error) is { } remedy ? $"{error.Message.TrimEnd('.')}. {remedy}" : error.Message;

    /// <summary>What to do, in the cmdlets' terms; null where the message says it.</summary>
    private static string? RemedyOf(OpiException error) => error switch
    {
        SessionNotFoundException { SessionId: not null } => "Get-OpiSession lists the ids there; use -Folder or OPI_SESSIONS_DIR for another folder.",
        SessionNotFoundException { IsFolderEmpty: true } => "New-OpiSession creates one; use -Folder or OPI_SESSIONS_DIR for another folder.",
        InvalidSessionFileException { IsFolder: true } => $"Name a file in it, or all: '{Path.Join(error.Target, "*.jsonl")}'.",
        InvalidSessionIdException => "Give an id as Get-OpiSession shows it, or a path.",
        ForeignSessionException => "Get-OpiEntry and Export-OpiSession take it.",
        EntryNotFoundException { NearIds.Count: > 0 } => "Get-OpiEntry lists all.",
        SessionClosedException => "Resume-OpiSession opens it again.",
        SessionLockedException { IsByOtherProgram: true } => null,
        SessionLockedException locked => locked.ProcessId == Environment.ProcessId
            ? "Get-OpiSession -Open gives it; Close-OpiSession closes it."
            : "Close it there with Close-OpiSession.",
        SessionWriteException { HasToReopen: true } => "Close-OpiSession closes it, Resume-OpiSession opens it again.",
        SessionWriteException { IsExisting: true } => "Give another -Destination, or -Force to replace it.",
        SessionWriteException { IsOwnSource: true } => "-Destination names the new file.",
        LedgerWriteException budget when Path.GetFileName(budget.Target).StartsWith("budget-", StringComparison.Ordinal) =>
            "A damaged file of a budget may be deleted while no turn runs: it is made anew.",
        LedgerWriteException => "Once the cause is gone, Update-OpiLedger adds what is missing.",
        ContextOverflowException => "Invoke-OpiCompaction -Reason Overflow compacts it.",
        UnknownReplyException { IsShapeNamed: true } => "Without -Provider its shape is recognised.",
        UnknownReplyException { IsShapeNamed: false } => "-Provider names a shape that is not recognised.",
        BudgetException { IsOfRequest: true } => "-Body names a limit, Set-OpiPricing a price; -AllowUnpriced sends it all the same.",
        BudgetException { IsRefusal: true } => "Give more, or a smaller limit of the answer (max_tokens in -Body).",
        ExportFailedException { Needs: Overwrite.Writable } => "Give another path, or leave out -NoClobber to replace it.",
        ExportFailedException { Needs: Overwrite.ReadOnly } => "Give another path, or -Force to replace it.",
        SessionWriteException { LacksLocks: true } =>
            "-NoLock goes on without a lock: then nothing keeps another process from writing to the session at the same time.",
        TurnFailedException { Failure: TurnFailure.NothingToSend } => "Give -Prompt.",
        TurnFailedException { Failure: TurnFailure.Rounds } =>
            "Invoke-OpiTurn without -Prompt goes on where it ended; -MaxRounds allows more at once.",
        TurnFailedException { Failure: TurnFailure.Request or TurnFailure.Sender or TurnFailure.Answer } =>
            "Invoke-OpiTurn without -Prompt takes the turn up again.",
        UnknownReplyException { IsCut: true } => "ConvertTo-Json cuts at a depth of 2 unless it is given -Depth, for example -Depth 50.",
        ProviderErrorException { RetryAfter: { } wait } => $"The provider asks to wait {wait.TotalSeconds:0.#} s.",
        _ => null,
    };
}
