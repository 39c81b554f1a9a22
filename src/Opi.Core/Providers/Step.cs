namespace Opi;

/// <summary>A step of a conversation as every provider takes it.</summary>
internal abstract record Step;
