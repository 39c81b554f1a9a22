using System.Management.Automation;
using System.Text;

namespace Opi.PowerShell;

/// <summary>
/// Takes the output of a tool, item by item, and keeps no more than its result can hold: the rest is only counted. One tool fills it from
/// one thread.
/// </summary>
/// <param name="maxTokens">The most tokens that the result has.</param>
/// <param name="depth">How deep objects are written out.</param>
/// <param name="asText">Whether all objects are shown as the console shows them.</param>
internal sealed class ToolOutput(int maxTokens, int depth, bool asText)
{
    private const int CharsOfToken = 12;        // more than any text has on average, so that the bound cuts and not the memory
    private const int MostFormatted = 2_000;    // objects that are kept for the console's tables
    private const int MostErrors = 50;

    private readonly List<ToolOutputPart> _parts = [];
    private readonly List<string> _errors = [];
    private readonly List<string> _notes = [];
    private readonly List<IInputContent> _blocks = [];
    private readonly long _mostChars = (long)maxTokens * CharsOfToken;
    private long _chars;
    private long _droppedChars;
    private long _droppedItems;
    private long _formatted;
    private long _errorCount;

    /// <summary>Whether the tool came to its end, and not by an exit, a jump or an error.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Whether it wrote an error or ended with one.</summary>
    public bool IsError => _errorCount > 0;

    /// <summary>The objects that are to be shown as the console shows them.</summary>
    public IReadOnlyList<ToolOutputPart> Unformatted => [.. _parts.Where(part => part.Objects.Count > 0)];

    /// <summary>Takes an item of the output. The engine gives errors among the rest.</summary>
    public void Take(object? item)
    {
        object? plain = item is PSObject { BaseObject: not PSCustomObject } wrapped ? wrapped.BaseObject : item;
        switch (plain)
        {
            case null:
                break;
            case ErrorRecord record when record.FullyQualifiedErrorId.StartsWith("NativeCommandError", StringComparison.Ordinal):
                AddText(record.ToString(), isJson: false); // a program's error stream has its progress too
                break;
            case ErrorRecord record:
                AddError(record);
                break;
            case IInputContent block:
                _blocks.Add(block);
                break;
            case var value when ToolJson.TextOf(value) is { } text:
                AddText(text, isJson: false);
                break;
            case var value when !asText && ToolJson.IsPlain(value):
                AddPlain(item!);
                break;
            default:
                AddObject(item!);
                break;
        }
    }

    /// <summary>Notes that the tool came to its end.</summary>
    /// <param name="succeeded">What the engine says of it.</param>
    /// <param name="exitCode">The exit code of the last program or script.</param>
    public void End(bool succeeded, object? exitCode)
    {
        HasEnded = true;
        bool hasCode = exitCode is int and not 0;
        if (!succeeded && _errorCount == 0)
        {
            AddError(hasCode ? $"It ended with exit code {exitCode}." : "It did not succeed, and wrote no error.");
        }
        else if (hasCode)
        {
            _notes.Add($"[The last program that it ran ended with exit code {exitCode}.]"); // which need not be a failure
        }
    }

    /// <summary>Adds an error that ended the tool.</summary>
    public void AddError(ErrorRecord record)
    {
        string text = record.ToString();
        string where = record.InvocationInfo is { ScriptLineNumber: > 0 } at && !string.IsNullOrEmpty(at.ScriptName)
            ? $" ({Path.GetFileName(at.ScriptName)}, line {at.ScriptLineNumber})"
            : "";
        AddError(text + where);
    }

    public void AddError(string text)
    {
        _errorCount++;
        if (_errors.Count < MostErrors)
        {
            _errors.Add(text);
        }
    }

    public ToolResultMessage ToResult(ToolCallContent call, DateTimeOffset now)
    {
        string text = Bounded(Render());
        bool isEmpty = text.Length == 0 && _blocks.Count == 0;
        IInputContent[] content = [.. text.Length > 0 || isEmpty ? new[] { new TextContent(isEmpty ? "(no output)" : text) } : [], .. _blocks];
        return new ToolResultMessage(call.Id, call.Name, content, now.ToUnixTimeMilliseconds()) { IsError = IsError };
    }

    private void AddPlain(object item)
    {
        if (_chars >= _mostChars)
        {
            _droppedItems++;
            return;
        }

        AddText(ToolJson.Of(item, depth), isJson: true);
    }

    private void AddText(string text, bool isJson)
    {
        long room = _mostChars - _chars;
        if (room <= 0)
        {
            _droppedItems++;
            _droppedChars += text.Length;
            return;
        }

        if (text.Length > room)
        {
            int end = (int)room;
            end = end > 0 && char.IsHighSurrogate(text[end - 1]) ? end - 1 : end;
            _droppedChars += text.Length - end;
            text = text[..end];
        }

        _chars += text.Length + 1;
        _parts.Add(new ToolOutputPart { Text = text, IsJson = isJson });
    }

    private void AddObject(object item)
    {
        if (_formatted >= MostFormatted)
        {
            _droppedItems++;
            return;
        }

        _formatted++;
        if (_parts is not [.., { Objects.Count: > 0 }])
        {
            _parts.Add(new ToolOutputPart());
        }

        _parts[^1].Objects.Add(item);
    }

    private string Render()
    {
        var text = new StringBuilder();
        if (_parts.Count > 1 && _parts.TrueForAll(part => part.IsJson))
        {
            text.Append('[').AppendJoin(",\n", _parts.Select(part => part.Text)).Append(']');
        }
        else
        {
            text.AppendJoin('\n', _parts.Select(part => part.Text));
        }

        return text.ToString();
    }

    /// <summary>The text with as many tokens as it may have, and what was left out. The errors are never what is left out.</summary>
    private string Bounded(string text)
    {
        string errors = string.Join('\n', _errors.Select(error => $"Error: {error}"));
        if (_errorCount > _errors.Count)
        {
            errors += $"\n({_errorCount - _errors.Count} further errors)";
        }

        errors = Cut(errors, maxTokens / 2, out long cutOfErrors);
        errors = cutOfErrors > 0 ? $"{errors}\n({cutOfErrors:N0} further characters of errors)" : errors;
        string kept = Cut(text, maxTokens - (int)TokenEstimator.CountText(errors), out long cut);
        cut += _droppedChars;
        string rest = cut == 0 && _droppedItems == 0 ? "" : Rest(cut);
        return string.Join('\n', ((string[])[kept, rest, .. _notes, errors]).Where(part => part.Length > 0));
    }

    private string Rest(long chars)
    {
        string[] what =
        [
            .. chars > 0 ? [FormattableString.Invariant($"{chars:N0} characters")] : Array.Empty<string>(),
            .. _droppedItems > 0 ? [FormattableString.Invariant($"{_droppedItems:N0} items")] : Array.Empty<string>(),
        ];
        return FormattableString.Invariant(
            $"[Left out: {string.Join(" in ", what)}. A result has at most {maxTokens:N0} tokens; ask for less, for example with a filter.]");
    }

    private static string Cut(string text, int tokens, out long cut)
    {
        cut = 0;
        if (TokenEstimator.CountText(text) <= tokens)
        {
            return text;
        }

        int low = 0;
        int high = text.Length;
        while (low < high)
        {
            int middle = low + ((high - low + 1) / 2);
            if (TokenEstimator.CountText(text.AsSpan(0, middle)) <= tokens)
            {
                low = middle;
            }
            else
            {
                high = middle - 1;
            }
        }

        int end = low > 0 && char.IsHighSurrogate(text[low - 1]) ? low - 1 : low;
        cut = text.Length - end;
        return text[..end];
    }
}
