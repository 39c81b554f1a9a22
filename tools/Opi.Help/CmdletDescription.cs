using System.Globalization;
using System.Management.Automation;
using System.Reflection;
using Microsoft.PowerShell;

namespace Opi.Help;

/// <summary>A cmdlet as its class declares it.</summary>
internal sealed class CmdletDescription
{
    private readonly CmdletAttribute _attribute;

    private CmdletDescription(Type type)
    {
        _attribute = type.GetCustomAttribute<CmdletAttribute>()!;
        OutputTypes = [.. type.GetCustomAttributes<OutputTypeAttribute>().SelectMany(output => output.Type).Select(NameOf).Distinct()];
        object instance = Activator.CreateInstance(type)!;
        using (instance as IDisposable)
        {
            Parameters =
            [
                .. type.GetProperties()
                    .Where(property => property.IsDefined(typeof(ParameterAttribute)))
                    .Select(property => new ParameterDescription(property, instance)),
            ];
        }
    }

    /// <summary>Its name.</summary>
    public string Name => $"{Verb}-{Noun}";

    public string Verb => _attribute.VerbName;

    public string Noun => _attribute.NounName;

    /// <summary>Whether it has -WhatIf and -Confirm.</summary>
    public bool SupportsShouldProcess => _attribute.SupportsShouldProcess;

    /// <summary>Its parameters, without the common ones.</summary>
    public IReadOnlyList<ParameterDescription> Parameters { get; }

    /// <summary>The types of OutputType; <c>None</c> for a cmdlet that writes nothing.</summary>
    public IReadOnlyList<string> OutputTypes { get; }

    /// <summary>The parameter sets, the default one first; the nameless one where there is no other.</summary>
    public IEnumerable<string> ParameterSets =>
        Parameters.SelectMany(parameter => parameter.SetNames)
            .Append(_attribute.DefaultParameterSetName ?? ParameterAttribute.AllParameterSets)
            .Where(name => name != ParameterAttribute.AllParameterSets)
            .Distinct()
            .OrderBy(name => name == _attribute.DefaultParameterSetName ? 0 : 1)
            .DefaultIfEmpty(ParameterAttribute.AllParameterSets);

    /// <summary>The cmdlets of a module's assembly, by name.</summary>
    public static IEnumerable<CmdletDescription> All(Assembly module) =>
        module.GetExportedTypes()
            .Where(type => type.IsDefined(typeof(CmdletAttribute)))
            .Select(type => new CmdletDescription(type))
            .OrderBy(cmdlet => cmdlet.Name, StringComparer.Ordinal);

    private static string NameOf(PSTypeName type) => type.Type == typeof(void) ? "None" : type.Name;
}

/// <summary>A parameter as its property declares it.</summary>
internal sealed class ParameterDescription
{
    private readonly PropertyInfo _property;
    private readonly ParameterAttribute[] _places;
    private readonly Type _type;

    public ParameterDescription(PropertyInfo property, object instance)
    {
        _property = property;
        _places = [.. property.GetCustomAttributes<ParameterAttribute>()];
        _type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        Default = DefaultOf(property.GetValue(instance));
    }

    public string Name => _property.Name;

    /// <summary>The type as PowerShell writes it, without its namespace.</summary>
    public string TypeName
    {
        get
        {
            string name = ToStringCodeMethods.Type(PSObject.AsPSObject(_type));
            return name[(name.LastIndexOf('.') + 1)..];
        }
    }

    public bool IsSwitch => _type == typeof(SwitchParameter);

    public bool IsArray => _type.IsArray;

    /// <summary>The value it has when it is not given, where that is one of its type; else null.</summary>
    public string? Default { get; }

    /// <summary>The values it takes; empty where these are not a few names.</summary>
    public IReadOnlyList<string> Values =>
        _property.GetCustomAttribute<ValidateSetAttribute>() is { } set ? [.. set.ValidValues]
        : (_type.GetElementType() ?? _type) is { IsEnum: true } type ? Enum.GetNames(type)
        : [];

    public IReadOnlyList<string> Aliases => [.. _property.GetCustomAttribute<AliasAttribute>()?.AliasNames ?? []];

    public bool SupportsWildcards => _property.IsDefined(typeof(SupportsWildcardsAttribute));

    public bool TakesPipelineByValue => _places.Any(place => place.ValueFromPipeline);

    public IEnumerable<string> SetNames => _places.Select(place => place.ParameterSetName);

    /// <summary>Where it stands in a parameter set; null when it does not.</summary>
    public ParameterAttribute? PlaceIn(string set) =>
        Array.Find(_places, place => place.ParameterSetName == set)
        ?? Array.Find(_places, place => place.ParameterSetName == ParameterAttribute.AllParameterSets);

    /// <summary>How it stands in the list of all parameters: mandatory where it is so in each of its sets.</summary>
    public ParameterAttribute Summary() => new()
    {
        Mandatory = _places.All(place => place.Mandatory),
        Position = _places.Max(place => place.Position),
        ValueFromPipeline = TakesPipelineByValue,
        ValueFromPipelineByPropertyName = _places.Any(place => place.ValueFromPipelineByPropertyName),
    };

    private string? DefaultOf(object? initial) =>
        _places.Any(place => place.Mandatory) ? null
        : initial is SwitchParameter or Enum or int or long or decimal ? Convert.ToString(initial, CultureInfo.InvariantCulture)
        : null;
}
