namespace Opi;

/// <summary>A price is so high that it must be in another unit. Then no price of the file can be trusted.</summary>
internal sealed class PriceUnitException(string message) : FormatException(message);
