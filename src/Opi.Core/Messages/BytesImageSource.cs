namespace Opi;

/// <summary>The image as bytes. In a file they are an array of numbers, which takes about four times their size; base64 takes 1.3.</summary>
/// <param name="Data">The bytes.</param>
public sealed record BytesImageSource(ReadOnlyMemory<byte> Data) : ImageSource
{
    private readonly ValueBytes _data = Data;

    /// <summary>The bytes.</summary>
    public ReadOnlyMemory<byte> Data { get => _data.Data; init => _data = value; }
}
