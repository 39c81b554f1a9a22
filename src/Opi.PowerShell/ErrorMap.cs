using System.Management.Automation;

namespace Opi.PowerShell;

/// <summary>Gives each error of the library its id and category. The ids are public: scripts test for them.</summary>
internal static class ErrorMap
{
    public static ErrorRecord ToErrorRecord(this OpiException error, object? target = null)
    {
        (string id, ErrorCategory category) = error switch
        {
            SessionNotFoundException => ("SessionNotFound", ErrorCategory.ObjectNotFound),
            InvalidSessionIdException => ("InvalidSessionId", ErrorCategory.InvalidArgument),
            EntryNotFoundException => ("EntryNotFound", ErrorCategory.ObjectNotFound),
            UnsupportedFormatVersionException => ("UnsupportedFormatVersion", ErrorCategory.InvalidData),
            InvalidSessionFileException => ("InvalidSessionFile", ErrorCategory.InvalidData),
            SessionLockedException => ("SessionLocked", ErrorCategory.ResourceBusy),
            InvalidWildcardException => ("InvalidWildcard", ErrorCategory.InvalidArgument),
            InvalidEntryException => ("InvalidMessage", ErrorCategory.InvalidData),
            SessionWriteException => ("SessionWriteFailed", ErrorCategory.WriteError),
            SessionClosedException => ("SessionClosed", ErrorCategory.ResourceUnavailable),
            SummaryInputTooLongException => ("ContextOverflow", ErrorCategory.LimitsExceeded),
            LedgerLockedException => ("LedgerLocked", ErrorCategory.ResourceBusy),
            LedgerWriteException => ("LedgerWriteFailed", ErrorCategory.WriteError),
            CompactionFailedException => ("CompactionFailed", ErrorCategory.OperationStopped),
            ContextWindowException { Window: null } => ("ContextWindowUnknown", ErrorCategory.InvalidArgument),
            ContextWindowException => ("ReserveTooLarge", ErrorCategory.InvalidArgument),
            TokenCounterException => ("TokenCounterFailed", ErrorCategory.InvalidResult),
            ContextOverflowException => ("ContextOverflow", ErrorCategory.LimitsExceeded),
            ProviderErrorException => ("ProviderError", ErrorCategory.InvalidResult),
            UnknownReplyException => ("UnknownReply", ErrorCategory.InvalidData),
            LogFolderNotFoundException => ("SourceNotFound", ErrorCategory.ObjectNotFound),
            BudgetException { IsOver: true } => ("OverBudget", ErrorCategory.LimitsExceeded),
            BudgetException => ("BudgetUnknown", ErrorCategory.InvalidResult),
            ExportFailedException => ("ExportFailed", ErrorCategory.WriteError),
            InvalidPriceFileException => ("InvalidPriceFile", ErrorCategory.InvalidData),
            _ => ("OpiError", ErrorCategory.NotSpecified),
        };
        return new ErrorRecord(error, id, category, target ?? error.Target)
        {
            ErrorDetails = Remedy(error) is { } remedy ? new($"{error.Message} {remedy}") : null,
        };
    }

    /// <summary>What to do in terms of PowerShell, where the error itself cannot say it.</summary>
    private static string? Remedy(OpiException error) => error switch
    {
        UnknownReplyException { IsCut: true } => "ConvertTo-Json cuts at a depth of 2 unless it is given -Depth, for example -Depth 50.",
        ProviderErrorException { RetryAfter: { } wait } and not ContextOverflowException => $"The provider asks to wait {wait.TotalSeconds:0.#} s.",
        _ => null,
    };
}
