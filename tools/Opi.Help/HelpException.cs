namespace Opi.Help;

/// <summary>The help cannot be made: a page is not as it should be, or does not fit its cmdlet.</summary>
internal sealed class HelpException(string message) : Exception(message);
