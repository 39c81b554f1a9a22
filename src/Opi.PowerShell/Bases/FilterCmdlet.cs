using System.ComponentModel;
using System.Management.Automation;

namespace Opi.PowerShell;

/// <summary>A cmdlet that reads logs and takes what is of a time, of models and for projects.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class FilterCmdlet : OpiCmdlet
{
    /// <summary>Only what is from this time or later.</summary>
    [Parameter]
    [TimeTransformation]
    [ArgumentCompleter(typeof(TimeCompleter))]
    public TimeReference? Since { get; set; }

    /// <summary>Only what is from before this time, or until the end of this day.</summary>
    [Parameter]
    [TimeTransformation]
    [ArgumentCompleter(typeof(TimeCompleter))]
    public TimeReference? Until { get; set; }

    /// <summary>Only what is of these models: their names, or provider:model.</summary>
    [Parameter]
    [Patterns]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(UsedCompleter))]
    public string[] Model { get; set; } = [];

    /// <summary>Only what is for these projects.</summary>
    [Parameter]
    [Patterns]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(UsedCompleter))]
    public string[] Project { get; set; } = [];

    /// <summary>The time zone of days and hours; this machine's by default.</summary>
    [Parameter]
    [TimeZoneTransformation]
    [ArgumentCompleter(typeof(TimeZoneCompleter))]
    [ValidateNotNull]
    public TimeZoneInfo TimeZone { get; set; } = TimeZoneInfo.Local;

    /// <summary>The moments of <see cref="Since"/> and <see cref="Until"/>; null where not given. An error if they are in the wrong order.</summary>
    private protected (DateTimeOffset? Since, DateTimeOffset? Until) Span() => Span(Since, Until, TimeZone);

    /// <summary>What these parameters ask for. Which sources are read is for the cmdlet to add.</summary>
    private protected virtual UsageQuery QueryOfFilters()
    {
        (DateTimeOffset? since, DateTimeOffset? until) = Span();
        return new UsageQuery { Since = since, Until = until, Models = Model, Projects = Project };
    }
}
