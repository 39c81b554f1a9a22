using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Opi.PowerShell;

/// <summary>
/// The header of a library that is compiled ahead of time. It is looked at before the library is loaded, because the runtime keeps one that it could
/// not load for the one of its name, and takes no other one any more.
/// </summary>
internal static class ImageHeader
{
    private const int MostRead = 4096;
    private const ushort Linux = 0x7B79; // with this, Linux's libraries mark that they are not Windows'
    private const ushort Apple = 0x4644;
    private const ushort Amd64 = 0x8664;
    private const ushort Arm64 = 0xAA64;

    /// <summary>Why a library cannot be loaded here; null when it can.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static string? ProblemOf(string path)
    {
        using FileStream file = File.OpenRead(path);
        byte[] header = new byte[MostRead];
        int length = file.ReadAtLeast(header, MostRead, throwOnEndOfStream: false);
        int start = length >= 64 ? BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(60)) : -1;
        if (start < 0 || start > length - 24 || BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(start)) != 0x4550)
        {
            return "it is not a library";
        }

        if (BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(start + 4)) != Machine)
        {
            return "it is not compiled for this system";
        }

        int sections = BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(start + 6));
        int first = start + 24 + BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(start + 20));
        for (int at = first; at < first + (40 * sections); at += 40)
        {
            if (at > length - 40)
            {
                return "a part of it is missing";
            }

            long size = BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(at + 16));
            if (size + BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(at + 20)) > file.Length)
            {
                return "a part of it is missing";
            }
        }

        return null;
    }

    /// <summary>What the header of a library for this system has as its machine.</summary>
    private static int Machine
    {
        get
        {
            int system = OperatingSystem.IsWindows() ? 0 : OperatingSystem.IsMacOS() ? Apple : Linux;
            return system ^ (RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? Arm64 : Amd64);
        }
    }
}
