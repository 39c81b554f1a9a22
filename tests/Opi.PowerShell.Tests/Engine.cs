using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Text.RegularExpressions;
using Microsoft.PowerShell;
using Shell = System.Management.Automation.PowerShell;

namespace Opi.PowerShell.Tests;

/// <summary>The real engine in this process, with the module imported from bin/, as pwsh does it.</summary>
internal sealed partial class Engine : IDisposable
{
    private readonly TestHost _host;

    public Engine(int width = 80)
    {
        var state = InitialSessionState.CreateDefault2();
        state.ThrowOnRunspaceOpenError = true;
        state.ImportPSModule([Repository.Manifest]);
        if (OperatingSystem.IsWindows())
        {
            state.ExecutionPolicy = ExecutionPolicy.RemoteSigned; // what pwsh has by its settings; Windows' own default runs no script
        }

        _host = new TestHost(width);
        Runspace = RunspaceFactory.CreateRunspace(_host, state);
        Runspace.Open();
    }

    public Runspace Runspace { get; }

    /// <summary>How many columns the screen has.</summary>
    public int Width
    {
        get => _host.UI.RawUI.BufferSize.Width;
        set => _host.UI.RawUI.BufferSize = _host.UI.RawUI.WindowSize = new(value, _host.UI.RawUI.BufferSize.Height);
    }

    /// <summary>Sets a variable for the scripts that follow.</summary>
    public void Set(string name, object? value) => Runspace.SessionStateProxy.SetVariable(name, value);

    /// <summary>Goes to a folder, as Set-Location does where there is one.</summary>
    public void GoTo(string folder) => Runspace.SessionStateProxy.Path.SetLocation(System.Management.Automation.WildcardPattern.Escape(folder));

    /// <summary>Runs a script and collects what it gives.</summary>
    public RunResult Run(string script)
    {
        using var shell = Shell.Create(Runspace);
        shell.AddScript(script);
        return RunResult.Of(shell);
    }

    /// <summary>Runs a script and takes its one output; fails when there is an error.</summary>
    public T One<T>(string script) => Assert.IsType<T>(Assert.Single(Run(script).WithoutErrors().Output), exactMatch: false);

    /// <summary>Runs a script, and takes all its output; fails when there is an error.</summary>
    public IReadOnlyList<T> All<T>(string script) =>
        [.. Run(script).WithoutErrors().Output.Select(item => Assert.IsType<T>(item, exactMatch: false))];

    /// <summary>Runs a script and gives the text that it shows on the screen.</summary>
    public string Show(string script, string culture = "en-US")
    {
        _host.Screen.Clear();
        using var shell = Shell.Create(Runspace);
        shell.AddScript($"[cultureinfo]::CurrentCulture = '{culture}'; {script}").AddCommand("Out-Default");
        RunResult.Of(shell).WithoutErrors();
        return Colour().Replace(_host.Screen.ToString(), "");
    }

    /// <summary>What Tab offers at the end of a line.</summary>
    public IReadOnlyList<CompletionResult> Complete(string line)
    {
        using var shell = Shell.Create(Runspace);
        return CommandCompletion.CompleteInput(line, line.Length, null, shell).CompletionMatches;
    }

    public void Dispose() => Runspace.Dispose();

    [GeneratedRegex(@"\x1b\[[0-9;]*m")]
    private static partial Regex Colour();
}

/// <summary>What a script gave.</summary>
internal sealed record RunResult(
    IReadOnlyList<object?> Output, IReadOnlyList<ErrorRecord> Errors, IReadOnlyList<string> Warnings, IReadOnlyList<string> Verbose, bool Terminated)
{
    public static RunResult Of(Shell shell)
    {
        Collection<PSObject> output = [];
        ErrorRecord? fatal = null;
        try
        {
            shell.Invoke(null, output);
        }
        catch (RuntimeException error)
        {
            fatal = error.ErrorRecord;
        }

        return new RunResult(
            [.. output.Select(Unwrap)],
            fatal is null ? [.. shell.Streams.Error] : [.. shell.Streams.Error, fatal],
            [.. shell.Streams.Warning.Select(warning => warning.Message)],
            [.. shell.Streams.Verbose.Select(verbose => verbose.Message)],
            fatal is not null);
    }

    /// <summary>The same, after asserting that nothing went wrong.</summary>
    public RunResult WithoutErrors()
    {
        Assert.True(Errors.Count == 0, string.Join(Environment.NewLine, Errors.Select(error => $"{error.FullyQualifiedErrorId}: {error}")));
        return this;
    }

    /// <summary>The one error, after asserting its full id.</summary>
    public ErrorRecord Error(string id)
    {
        ErrorRecord error = Assert.Single(Errors);
        Assert.Equal(id, error.FullyQualifiedErrorId);
        return error;
    }

    /// <summary>The one error, after asserting that it is one of binding and that it names the parameter.</summary>
    public ErrorRecord BindingError(string parameter)
    {
        ErrorRecord error = Assert.Single(Errors);
        Assert.Equal(parameter, Assert.IsType<ParameterBindingException>(error.Exception, exactMatch: false).ParameterName);
        Assert.Contains($"'{parameter}'", error.Exception.Message, StringComparison.Ordinal);
        return error;
    }

    private static object? Unwrap(PSObject? item) => item?.BaseObject is PSCustomObject ? item : item?.BaseObject;
}
