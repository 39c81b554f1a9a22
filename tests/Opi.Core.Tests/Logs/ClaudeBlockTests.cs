namespace Opi.Tests;

public sealed class ClaudeBlockTests
{
    [Fact]
    public void LogsThatShareABlockKeepTheirOwnResponses()
    {
        var block = new ClaudeBlock(ClaudeBlock.MaxCount);
        ClaudeResponses first = Read(block, "first", 200);
        ClaudeResponses second = Read(first.Last!, "second", 100); // goes on in a block of its own
        ClaudeResponses third = Read(second.Last!, "third", 1);

        Assert.Same(block, first.Last);
        Assert.NotSame(block, second.Last);
        Assert.Same(second.Last, third.Last);
        Assert.Equal(Enumerable.Range(0, 200).Select(i => $"first-{i}"), IdsOf(first));
        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"second-{i}"), IdsOf(second));
        Assert.Equal(["third-0"], IdsOf(third));
        Assert.Equal(IdsOf(second), IdsOf((ClaudeResponses)second.Copy()));
    }

    [Fact]
    public void WhatIsChangedInASharedBlockStaysWhenOthersAreAdded()
    {
        ClaudeResponses first = Read(new ClaudeBlock(ClaudeBlock.MaxCount), "first", 1);
        ref ClaudeResponse response = ref first[0];
        _ = Read(first.Last!, "second", 255);
        response.IsReplay = true;

        Assert.True(first[0].IsReplay);
        Assert.False(first.Last!.HasRoom); // it is full
    }

    [Fact]
    public void ABlockThatGrowsIsNotShared()
    {
        ClaudeResponses alone = Read(null, "alone", 1);

        Assert.False(alone.Last!.HasRoom);
    }

    private static ClaudeResponses Read(ClaudeBlock? begun, string name, int count)
    {
        var responses = new ClaudeResponses(begun);
        for (int i = 0; i < count; i++)
        {
            responses.Add(new ClaudeDraft { IsNamed = true, ResponseId = $"{name}-{i}" }, System.Text.Encoding.UTF8.GetBytes($"{name}-{i}"));
        }

        return responses;
    }

    private static IEnumerable<string?> IdsOf(ClaudeResponses responses)
    {
        var draft = new ClaudeDraft();
        for (int i = 0; i < responses.Count; i++)
        {
            responses.Read(i, draft);
            yield return draft.ResponseId;
        }
    }
}
