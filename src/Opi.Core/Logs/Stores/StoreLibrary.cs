using System.Reflection;

namespace Opi;

/// <summary>Loads Opi.Stores when it is first needed.</summary>
internal static class StoreLibrary
{
    private static readonly Lazy<(StoreAccess? Access, Exception? Error)> Loaded = new(Load);

    /// <summary>The folder that it is in, beside Opi.Core.</summary>
    public static string Folder => Path.Combine(Path.GetDirectoryName(typeof(StoreLibrary).Assembly.Location) ?? "", "stores");

    /// <summary>What reads databases and compressed files.</summary>
    /// <exception cref="StoreLibraryException">It cannot be loaded here.</exception>
    public static StoreAccess Access => Loaded.Value.Access ?? throw new StoreLibraryException(Loaded.Value.Error!);

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
