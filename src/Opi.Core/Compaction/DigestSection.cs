namespace Opi;

/// <summary>The parts of a digest, in their order.</summary>
internal enum DigestSection
{
    OriginalRequest,
    LaterRequests,
    EarlierSummaries,
    Decisions,
    Figures,
    Tools,
    FilesChanged,
    FilesRead,
    Errors,
    LastState,
}
