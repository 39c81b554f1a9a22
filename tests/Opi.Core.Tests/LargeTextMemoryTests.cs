namespace Opi.Tests;

/// <summary>Tests that look at the memory of the whole process run by themselves.</summary>
[CollectionDefinition(nameof(WholeMemory), DisableParallelization = true)]
public sealed class WholeMemory;

[Collection(nameof(WholeMemory))]
public sealed class LargeTextMemoryTests
{
    [Fact]
    public void After_a_large_text_no_pool_holds_it()
    {
        string text = string.Concat(Enumerable.Repeat("a \"quoted\" line\n", 400_000)); // 6.8 MB of characters
        long before = GC.GetTotalMemory(forceFullCollection: true);
        var entry = new MessageEntry("msg-1", null, "t", Make.User(text));
        int length = 0;
        for (int i = 0; i < 3; i++)
        {
            length = Written(entry);
        }

        long held = GC.GetTotalMemory(forceFullCollection: true) - before;
        GC.KeepAlive(text);
        Assert.InRange(length, text.Length, 2 * text.Length);
        Assert.InRange(held, long.MinValue, text.Length); // six times as many characters, which have two bytes, when the pool had them
    }

    private static int Written(SessionEntry entry)
    {
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        using System.Text.Json.Utf8JsonWriter writer = SerdeJson.CreateWriter(output);
        LineWire.Write(writer, entry, 1);
        writer.Flush();
        return output.WrittenCount;
    }
}
