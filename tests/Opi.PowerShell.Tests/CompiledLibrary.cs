using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Opi.PowerShell.Tests;

/// <summary>What the file of a library says of itself.</summary>
/// <param name="Id">The id of the build that it is from.</param>
/// <param name="HasNativeCode">Whether it has code compiled ahead of time.</param>
internal sealed record CompiledLibrary(Guid Id, bool HasNativeCode)
{
    public static CompiledLibrary Read(string path)
    {
        using var file = new PEReader(File.OpenRead(path));
        MetadataReader metadata = file.GetMetadataReader();
        return new CompiledLibrary(
            metadata.GetGuid(metadata.GetModuleDefinition().Mvid), file.PEHeaders.CorHeader!.ManagedNativeHeaderDirectory.Size > 0);
    }
}
