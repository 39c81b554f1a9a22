namespace Opi.CompactionRun;

/// <summary>A planted fact.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Probe">What a context has to say word for word so that a model could answer the question for it. It stands nowhere else in the run.</param>
public sealed record Fact(FactKind Kind, string Probe);
