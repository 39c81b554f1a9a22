using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace Opi;

/// <summary>
/// Loads Opi.Stores when it is first needed. An application that is trimmed, or compiled ahead of time, does not have it: there each file that
/// needs it is a finding that says so.
/// </summary>
internal static class StoreLibrary
{
    private const string Why = "Where the library is not there, loading it is an error that is reported with each file that needs it.";

    private static readonly Lazy<(StoreAccess? Access, Exception? Error)> Loaded = new(Load);

    /// <summary>Its folder, next to Opi.Core.</summary>
    public static string Folder
    {
        [UnconditionalSuppressMessage("SingleFile", "IL3000", Justification = Why)]
        get => FolderFor(typeof(StoreLibrary).Assembly.Location);
    }

    /// <summary>What reads databases and compressed files.</summary>
    /// <exception cref="StoreLibraryException">It cannot be loaded here.</exception>
    public static StoreAccess Access => Loaded.Value.Access ?? throw new StoreLibraryException(Loaded.Value.Error!);

    /// <summary>The folder for a place of Opi.Core.</summary>
    internal static string FolderFor(string location)
    {
        const string Name = "stores";
        string beside = Path.Combine(Path.GetDirectoryName(location) is { Length: > 0 } folder ? folder : AppContext.BaseDirectory, Name);

        // What is compiled ahead of time for one system is in bin/ahead/<system>, and shares the folder of bin/Opi.Core.dll.
        string shared = Path.GetFullPath(Path.Combine(beside, "..", "..", "..", Name));
        return Directory.Exists(beside) || !Directory.Exists(shared) ? beside : shared;
    }

    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = Why)]
    [UnconditionalSuppressMessage("Trimming", "IL2072", Justification = Why)]
    private static (StoreAccess?, Exception?) Load()
    {
        try
        {
            Assembly assembly = new StoreContext(Folder).LoadFromAssemblyPath(Path.Combine(Folder, "Opi.Stores.dll"));
            object made = Activator.CreateInstance(assembly.GetType("Opi.SqliteStoreAccess", throwOnError: true)!, nonPublic: true)!;
            return ((StoreAccess)made, null);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            return (null, error); // each file that needs it says so
        }
    }
}
