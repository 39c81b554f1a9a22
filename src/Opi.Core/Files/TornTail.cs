using System.Globalization;

namespace Opi;

/// <summary>Saves the unfinished end of a file in another file, before it is cut off.</summary>
internal static class TornTail
{
    /// <summary>Copies the bytes from an offset on to <c>&lt;file&gt;.torn-&lt;time&gt;</c>, which is on the disk when this returns.</summary>
    /// <param name="path">The file.</param>
    /// <param name="from">The offset.</param>
    /// <param name="time">Gives the time of the name.</param>
    /// <exception cref="IOException">It could not be saved; then nothing is left of the copy.</exception>
    public static void Save(string path, long from, TimeProvider time)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"{path}.torn-{time.GetUtcNow():yyyyMMdd'T'HHmmssfffffff'Z'}");
        using (var source = new FileStream(RegularFile.Open(path), FileAccess.Read))
        using (FileStream target = OwnerOnlyFile.Open(name, FileMode.CreateNew, FileAccess.Write, FileShare.Delete))
        {
            try
            {
                source.Position = from;
                FileSizeLimit.Guard(() => source.CopyTo(target));
                NativeFile.Flush(target.SafeFileHandle);
            }
            catch
            {
                NewFile.Discard(name);
                throw;
            }
        }

        NewFile.FlushName(name);
    }
}
