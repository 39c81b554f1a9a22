using System.Text;

namespace Opi.Benchmarks;

/// <summary>Texts as agents and their tools produce them: code with its indentation and quotes, prose, and some Chinese and Japanese.</summary>
internal sealed class TextSource(int seed)
{
    private static readonly string[] Words =
        ("the file reads each line and when a test fails it says which value was expected so that the session can be resumed after an error in "
            + "parser index buffer stream option result handle").Split(' ');

    private static readonly string[] Names =
        [
            "session", "entries", "lineReader", "offset", "parseHeader", "usage", "TokenCount", "result", "buffer", "index", "m_writer",
            "TryGetValue", "path", "options"
        ];

    private static readonly string[] CodeLines =
    [
        "    if ({0} is not null && {1}.Length > {2})",
        "    {{",
        "        return new {0}(\"{1}\", {2});",
        "    }}",
        "\tvar {0} = {1}.Select(x => x.{0} + {2}).ToList();",
        "",
        "/// <summary>Reads the {0} of <see cref=\"{1}\"/>.</summary>",
        "        throw new InvalidOperationException($\"{0} {1} was {2}\\n\");",
        "public static readonly string {0} = @\"C:\\temp\\{1}\\{2}\";",
        "{2}:    {0}.{1} += {2};",
        "  \"{0}\": {{ \"{1}\": {2}, \"enabled\": true }},",
    ];

    private static readonly string[] CjkLines =
    [
        "// 読み込みに失敗した場合は、最後の行を切り捨ててから再開します。",
        "日志文件中的最后一行不完整，因此会话在恢复时报告了这一点。",
        "エラー: ファイル「設定.json」が見つかりません",
    ];

    private readonly Random _random = new(seed);

    public int Next(int maximum) => _random.Next(maximum);

    public bool Chance(int percent) => _random.Next(100) < percent;

    /// <summary>A size between two, small ones more often: their logarithms are even.</summary>
    public int Size(int smallest, int largest) => (int)(smallest * Math.Pow((double)largest / smallest, _random.NextDouble()));

    public string Code(int length)
    {
        var text = new StringBuilder(length + 100);
        bool cjk = Chance(10);
        while (text.Length < length)
        {
            if (cjk && Chance(30))
            {
                text.Append(Pick(CjkLines));
            }
            else
            {
                text.AppendFormat(null, Pick(CodeLines), Pick(Names), Pick(Names), Next(1000));
            }

            text.Append('\n');
        }

        return text.ToString();
    }

    public string Prose(int length)
    {
        var text = new StringBuilder(length + 20);
        int sinceBreak = 0;
        while (text.Length < length)
        {
            text.Append(Pick(Words));
            text.Append(++sinceBreak % 40 == 0 ? "\n\n" : Chance(8) ? ". " : Chance(4) ? " `--verbose` " : " ");
        }

        return Chance(8) ? text + Pick(CjkLines) : text.ToString();
    }

    public string Pick(string[] choices) => choices[Next(choices.Length)];
}
