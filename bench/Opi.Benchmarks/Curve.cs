namespace Opi.Benchmarks;

/// <summary>How time and memory of something grow with a size.</summary>
/// <param name="Name">What it is called on the command line.</param>
/// <param name="What">What is measured.</param>
/// <param name="Unit">What the size counts.</param>
/// <param name="Sizes">The sizes that are measured where none are given.</param>
/// <param name="Prepare">Makes what is measured, in a folder that is new and gone afterwards. What it takes does not count.</param>
internal sealed record Curve(string Name, string What, string Unit, int[] Sizes, Func<string, int, Action> Prepare);
