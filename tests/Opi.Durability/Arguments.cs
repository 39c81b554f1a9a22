using System.Globalization;

namespace Opi.CrashTests;

/// <summary>Command-line arguments: some without a name, then pairs of a name and a value.</summary>
internal sealed class Arguments
{
    private readonly List<string> _unnamed = [];
    private readonly Dictionary<string, string> _named = [];

    public Arguments(IEnumerable<string> args, params string[] known)
    {
        string? name = null;
        foreach (string arg in args)
        {
            if (name is not null)
            {
                _named[name] = arg;
                name = null;
            }
            else if (arg.StartsWith("--", StringComparison.Ordinal))
            {
                name = arg[2..];
                if (!known.Contains(name))
                {
                    throw new ArgumentException($"no option {arg}; there are {string.Join(", ", known.Select(option => "--" + option))}");
                }
            }
            else
            {
                _unnamed.Add(arg);
            }
        }

        if (name is not null)
        {
            throw new ArgumentException($"--{name} needs a value");
        }
    }

    public string this[int position] => position < _unnamed.Count ? _unnamed[position] : throw new ArgumentException($"argument {position + 1} is missing");

    public string Text(string name, string otherwise) => _named.GetValueOrDefault(name, otherwise);

    public int Number(string name, int otherwise) => _named.TryGetValue(name, out string? text) ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    public T Choice<T>(string name, T otherwise)
        where T : struct, Enum => _named.TryGetValue(name, out string? text) ? Enum.Parse<T>(text, ignoreCase: true) : otherwise;
}
