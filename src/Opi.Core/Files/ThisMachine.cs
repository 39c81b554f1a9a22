namespace Opi;

/// <summary>
/// The names of this machine and this user, which separate the usage of several machines and users. A container has a new name each time it starts:
/// <c>OPI_MACHINE</c> and <c>OPI_USER</c> give lasting ones.
/// </summary>
internal static class ThisMachine
{
    /// <summary>The machine: <c>OPI_MACHINE</c>, else its host name.</summary>
    public static string Name => OpiFolders.Variable("OPI_MACHINE") ?? Environment.MachineName;

    /// <summary>The user: <c>OPI_USER</c>, else the name that the user is logged in by.</summary>
    public static string User => OpiFolders.Variable("OPI_USER") ?? Environment.UserName;
}
