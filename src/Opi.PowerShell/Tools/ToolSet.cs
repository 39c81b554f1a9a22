using System.Collections;
using System.Collections.Concurrent;
using System.Management.Automation;

namespace Opi.PowerShell;

/// <summary>
/// The commands that a model may call, and no others. Every call gets an answer: an unknown name, arguments
/// that are missing or invalid, and failures of the tool are results that say so.
/// </summary>
internal sealed class ToolSet : ITurnTools
{
    private const int MostAtOnce = 8;

    private readonly PSCmdlet _cmdlet;
    private readonly IReadOnlyList<CommandTool> _tools;
    private readonly ToolSetOptions _options;

    private ToolSet(PSCmdlet cmdlet, IReadOnlyList<CommandTool> tools, ToolSetOptions options) =>
        (_cmdlet, _tools, _options) = (cmdlet, tools, options);

    public IReadOnlyList<CommandTool> Tools => _tools;

    public IReadOnlyList<ToolDefinition> Definitions => [.. _tools.Select(tool => tool.Definition)];

    /// <summary>Makes the tools of a parameter's values.</summary>
    /// <param name="cmdlet">Who asks; its session is where names are looked up and tools run.</param>
    /// <param name="values">The values.</param>
    /// <param name="options">How they are offered and run.</param>
    /// <exception cref="InvalidToolException">One of them is not a tool, or cannot be offered.</exception>
    public static ToolSet Of(PSCmdlet cmdlet, IEnumerable<object?> values, ToolSetOptions options) =>
        new(cmdlet, new ToolReader(cmdlet, options.Strict).Read(values), options);

    public void Run(IReadOnlyList<ToolCallContent> calls, Action<ToolResultMessage> done, CancellationToken cancellationToken)
    {
        for (int at = 0; at < calls.Count;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int end = at + 1;
            while (Find(calls[at].Name)?.Parallel == true && end < calls.Count && Find(calls[end].Name)?.Parallel == true)
            {
                end++;
            }

            try
            {
                if (end - at > 1)
                {
                    RunAtOnce([.. calls.Skip(at).Take(end - at)], done, cancellationToken);
                }
                else
                {
                    done(Run(calls[at]));
                }
            }
            catch (PipelineStoppedException stopped)
            {
                throw new OperationCanceledException(stopped.Message, stopped, cancellationToken);
            }

            at = end;
        }
    }

    public InterruptedCall OnInterrupted(string name) => Find(name)?.OnInterrupted ?? _options.OnInterrupted;

    private CommandTool? Find(string name) =>
        _tools.FirstOrDefault(tool => tool.Name == name) ?? _tools.FirstOrDefault(tool => tool.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    private ToolResultMessage Run(ToolCallContent call)
    {
        if (Prepare(call, out CommandTool? tool, out Hashtable? arguments) is { } refused)
        {
            return refused;
        }

        ToolOutput output = NewOutput(tool!);
        new ToolRun(_cmdlet).Run(tool!, arguments!, output);
        return output.ToResult(call, _options.TimeProvider.GetUtcNow());
    }

    /// <summary>Reads a call, and asks whether it may run.</summary>
    /// <returns>The result of a call that does not run; null for one that does.</returns>
    private ToolResultMessage? Prepare(ToolCallContent call, out CommandTool? tool, out Hashtable? arguments)
    {
        arguments = null;
        tool = Find(call.Name);
        if (tool is null)
        {
            string names = _tools.Count == 0 ? "There are no tools" : $"The tools are: {string.Join(", ", _tools.Select(known => known.Name))}";
            return Failed(call, $"There is no tool '{call.Name}'. {names}.");
        }

        arguments = ToolArguments.Read(tool, call.Arguments, out string? problem);
        if (problem is not null)
        {
            return Failed(call, problem);
        }

        return _options.Confirm?.Invoke(tool.Name, call.Arguments) == false
            ? Failed(call, $"The user did not allow this call of {tool.Name}. It was not run.")
            : null;
    }

    private void RunAtOnce(IReadOnlyList<ToolCallContent> calls, Action<ToolResultMessage> done, CancellationToken cancellationToken)
    {
        string place = _cmdlet.SessionState.Path.CurrentLocation.Path;
        using var results = new BlockingCollection<ToolResultMessage>();
        var jobs = new List<(ToolCallContent Call, CommandTool Tool, Hashtable Arguments)>();
        foreach (ToolCallContent call in calls)
        {
            if (Prepare(call, out CommandTool? tool, out Hashtable? arguments) is { } refused)
            {
                done(refused);
            }
            else
            {
                jobs.Add((call, tool!, arguments!));
            }
        }

        var running = new ConcurrentDictionary<ToolRunspace, bool>();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using CancellationTokenRegistration onStop = stop.Token.Register(() =>
        {
            foreach (ToolRunspace runspace in running.Keys)
            {
                runspace.Stop();
            }
        });
        Task work = Task.Run(
            () => Parallel.ForEach(jobs, new ParallelOptions { MaxDegreeOfParallelism = MostAtOnce }, job =>
            {
                if (!stop.IsCancellationRequested)
                {
                    results.Add(RunIn(job.Call, job.Tool, job.Arguments, place, running, stop.Token), CancellationToken.None);
                }
            }),
            CancellationToken.None);
        try
        {
            for (int left = jobs.Count; left > 0; left--)
            {
                done(results.Take(stop.Token));
            }
        }
        finally
        {
            stop.Cancel(); // after an error of the caller's no other tool begins
            work.ContinueWith(static _ => { }, TaskScheduler.Default).Wait(CancellationToken.None);
        }
    }

    private ToolResultMessage RunIn(
        ToolCallContent call,
        CommandTool tool,
        Hashtable arguments,
        string place,
        ConcurrentDictionary<ToolRunspace, bool> running,
        CancellationToken stop)
    {
        ToolOutput output = NewOutput(tool);
        try
        {
            using var runspace = new ToolRunspace(tool, arguments, output, place);
            running[runspace] = true;
            if (stop.IsCancellationRequested)
            {
                runspace.Stop();
            }

            runspace.Run();
            running.TryRemove(runspace, out _);
        }
        catch (PipelineStoppedException)
        {
            output.AddError("It was stopped.");
        }
        catch (RuntimeException error) // the runspace itself: a module that cannot be loaded
        {
            output.AddError(error.ErrorRecord);
        }

        return output.ToResult(call, _options.TimeProvider.GetUtcNow());
    }

    private ToolOutput NewOutput(CommandTool tool) => new(_options.MaxResultTokens, _options.Depth, tool.AsText);

    private ToolResultMessage Failed(ToolCallContent call, string text) =>
        new(call.Id, call.Name, [new TextContent(text)], _options.TimeProvider.GetUtcNow().ToUnixTimeMilliseconds()) { IsError = true };
}
