namespace Opi;

/// <summary>The libraries that read databases and compressed files cannot be loaded on this machine.</summary>
internal sealed class StoreLibraryException(Exception error)
    : IOException($"the library that reads such files cannot be loaded here ({Cause(error)})", error)
{
    private static string Cause(Exception error)
    {
        while (error.InnerException is { } inner)
        {
            error = inner;
        }

        return error.Message.Split('\n')[0].TrimEnd('.', '\r');
    }
}
