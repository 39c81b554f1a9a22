using System.Collections.Concurrent;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Text.RegularExpressions;

namespace Opi.PowerShell;

/// <summary>What the help of a command says: in its comments, or for a compiled one in its help file.</summary>
internal sealed class ToolHelp
{
    /// <summary>The longest description that OpenAI takes of a function.</summary>
    private const int Longest = 1024;

    private const string GetHelp = """
        param($name)
        $help = Get-Help -Name $name -ErrorAction Ignore | Select-Object -First 1
        if ($help) {
            , @("$($help.Synopsis)", (@($help.description.Text) -join "`n"))
            foreach ($parameter in $help.parameters.parameter) { , @("$($parameter.name)", (@($parameter.description.Text) -join "`n")) }
        }
        """;

    private static readonly ConcurrentDictionary<(string Name, Version? Version), (string First, string Text)[]> HelpFiles = new();

    private readonly Dictionary<string, string> _parameters = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, ExpressionAst> _defaults = new(StringComparer.OrdinalIgnoreCase);

    private ToolHelp()
    {
    }

    /// <summary>What the command does; null when the help does not say.</summary>
    public string? Description { get; private set; }

    /// <summary>Reads the help of a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="script">Its script block; null for a compiled command.</param>
    /// <param name="invoke">Runs a script in the caller's session.</param>
    public static ToolHelp Of(CommandInfo command, ScriptBlock? script, CommandInvocationIntrinsics invoke)
    {
        var help = new ToolHelp();
        ParamBlockAst? block = null;
        IEnumerable<ParameterAst>? listed = null;
        CommentHelpInfo? comment = null;
        switch (script?.Ast)
        {
            case FunctionDefinitionAst function:
                (listed, block, comment) = (function.Parameters, function.Body.ParamBlock, function.GetHelpContent());
                break;
            case ScriptBlockAst body:
                (block, comment) = (body.ParamBlock, body.GetHelpContent());
                break;
        }

        foreach (ParameterAst parameter in listed ?? block?.Parameters ?? Enumerable.Empty<ParameterAst>())
        {
            if (parameter.DefaultValue is { } value)
            {
                help._defaults[parameter.Name.VariablePath.UserPath] = value;
            }
        }

        if (comment is not null)
        {
            help.Describe(comment.Synopsis, comment.Description);
            foreach ((string name, string text) in comment.Parameters ?? new Dictionary<string, string>())
            {
                help.AddParameter(name, text);
            }
        }
        else if (script is null || !string.IsNullOrEmpty(command.ModuleName))
        {
            help.ReadFile(command, invoke);
        }

        return help;
    }

    /// <summary>What a parameter is for; null when the help does not say.</summary>
    public string? this[string parameter] => _parameters.GetValueOrDefault(parameter);

    /// <summary>The value of a parameter that is not given, where it is a constant; else null.</summary>
    public object? DefaultOf(string parameter) => _defaults.GetValueOrDefault(parameter) switch
    {
        ConstantExpressionAst constant => constant.Value,
        VariableExpressionAst { VariablePath.UserPath: var name } when name.Equals("true", StringComparison.OrdinalIgnoreCase) => true,
        VariableExpressionAst { VariablePath.UserPath: var name } when name.Equals("false", StringComparison.OrdinalIgnoreCase) => false,
        _ => null,
    };

    /// <summary>A description that is short enough for every provider.</summary>
    public static string Bounded(string text)
    {
        if (text.Length <= Longest)
        {
            return text;
        }

        int end = text.LastIndexOf(' ', Longest - 4);
        end = end > 0 ? end : Longest - 4;
        return text[..(char.IsHighSurrogate(text[end - 1]) ? end - 1 : end)] + " ...";
    }

    /// <summary>Reads the help file of a command, which takes the engine some time, once a process.</summary>
    private void ReadFile(CommandInfo command, CommandInvocationIntrinsics invoke)
    {
        string name = string.IsNullOrEmpty(command.ModuleName) ? command.Name : $"{command.ModuleName}\\{command.Name}";
        (string First, string Text)[] rows = HelpFiles.GetOrAdd((name, command.Version), _ => RowsOf(name, invoke));
        if (rows is [var (synopsis, description), ..] && !synopsis.TrimStart().StartsWith(command.Name, StringComparison.OrdinalIgnoreCase))
        {
            Describe(synopsis, description); // a command without help has its syntax as its synopsis
        }

        foreach ((string parameter, string text) in rows.Skip(1))
        {
            AddParameter(parameter, text);
        }
    }

    private static (string First, string Text)[] RowsOf(string name, CommandInvocationIntrinsics invoke) =>
    [
        .. invoke.InvokeScript(true, ScriptBlock.Create(GetHelp), null, name)
            .Select(row => row?.BaseObject).OfType<object[]>().Where(pair => pair.Length == 2)
            .Select(pair => (pair[0]?.ToString() ?? "", pair[1]?.ToString() ?? "")),
    ];

    private void Describe(string? synopsis, string? description)
    {
        string[] texts = [.. new[] { Clean(synopsis), Clean(description) }.Where(text => text.Length > 0).Distinct()];
        Description = texts.Length == 0 ? null : Bounded(string.Join("\n\n", texts));
    }

    private void AddParameter(string name, string? text)
    {
        if (Clean(text) is { Length: > 0 } clean)
        {
            _parameters[name] = clean;
        }
    }

    /// <summary>Text as paragraphs: the line breaks within one come from the width of the source and are removed.</summary>
    private static string Clean(string? text) => string.Join(
        "\n\n",
        Regex.Split((text ?? "").Trim(), @"(?:\r?\n[ \t]*){2,}").Select(paragraph => Regex.Replace(paragraph.Trim(), @"\s*\r?\n\s*", " ")));
}
