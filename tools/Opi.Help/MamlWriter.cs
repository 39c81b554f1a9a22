using System.Globalization;
using System.Management.Automation;
using System.Text;
using System.Xml;

namespace Opi.Help;

/// <summary>Writes the help of cmdlets as MAML, the XML that Get-Help reads.</summary>
internal sealed class MamlWriter
{
    private const string Command = "http://schemas.microsoft.com/maml/dev/command/2004/10";
    private const string Maml = "http://schemas.microsoft.com/maml/2004/10";
    private const string Dev = "http://schemas.microsoft.com/maml/dev/2004/10";

    private static readonly (string Name, string Alias, string Text)[] ShouldProcessParameters =
    [
        ("WhatIf", "wi", "Says what the command would do, and does not do it."),
        ("Confirm", "cf", "Asks before the command does anything."),
    ];

    private static readonly Paragraph EmptyLine = new("");

    private static readonly Paragraph ErrorsTitle = new("Errors, by the id with which FullyQualifiedErrorId begins:");

    private readonly XmlWriter _xml;

    private MamlWriter(XmlWriter xml) => _xml = xml;

    /// <summary>The help of the cmdlets, with LF line ends.</summary>
    public static string Write(IEnumerable<CmdletPage> pages)
    {
        var text = new Utf8StringWriter();
        var settings = new XmlWriterSettings { Indent = true, NewLineChars = "\n" };
        using (var xml = XmlWriter.Create(text, settings))
        {
            var writer = new MamlWriter(xml);
            xml.WriteStartElement("helpItems", "http://msh");
            xml.WriteAttributeString("schema", "maml");
            foreach (CmdletPage page in pages)
            {
                writer.WriteCommand(page);
            }

            xml.WriteEndElement();
        }

        return text + "\n";
    }

    private void WriteCommand(CmdletPage page)
    {
        _xml.WriteStartElement("command", "command", Command);
        _xml.WriteAttributeString("xmlns", "maml", null, Maml);
        _xml.WriteAttributeString("xmlns", "dev", null, Dev);
        WriteDetails(page);
        WriteParagraphs("description", page.Description);
        WriteSyntax(page);
        WriteParameters(page);
        WriteTypes("inputTypes", "inputType", page.Inputs);
        WriteTypes("returnValues", "returnValue", page.Outputs);
        WriteNotes(page);
        WriteExamples(page.Examples);
        WriteRelated(page.Related);
        _xml.WriteEndElement();
    }

    private void WriteDetails(CmdletPage page)
    {
        _xml.WriteStartElement("details", Command);
        _xml.WriteElementString("name", Command, page.Cmdlet.Name);
        _xml.WriteElementString("verb", Command, page.Cmdlet.Verb);
        _xml.WriteElementString("noun", Command, page.Cmdlet.Noun);
        WriteParagraphs("description", [new Paragraph(page.Synopsis)]);
        _xml.WriteEndElement();
    }

    private void WriteSyntax(CmdletPage page)
    {
        _xml.WriteStartElement("syntax", Command);
        foreach (string set in page.Cmdlet.ParameterSets)
        {
            _xml.WriteStartElement("syntaxItem", Command);
            _xml.WriteElementString("name", Maml, page.Cmdlet.Name);
            IEnumerable<(ParameterDescription Parameter, ParameterAttribute Place)> parameters = page.Cmdlet.Parameters
                .Select(parameter => (parameter, parameter.PlaceIn(set)!))
                .Where(item => item.Item2 is not null)
                .OrderBy(item => item.Item2.Position < 0 ? int.MaxValue : item.Item2.Position)
                .ThenBy(item => item.Item2.Mandatory ? 0 : 1);
            foreach ((ParameterDescription parameter, ParameterAttribute place) in parameters)
            {
                WriteParameter(parameter, place, page.Parameters["-" + parameter.Name], inSyntax: true);
            }

            WriteShouldProcess(page.Cmdlet);
            _xml.WriteEndElement();
        }

        _xml.WriteEndElement();
    }

    private void WriteParameters(CmdletPage page)
    {
        _xml.WriteStartElement("parameters", Command);
        foreach (ParameterDescription parameter in page.Cmdlet.Parameters.OrderBy(parameter => parameter.Name, StringComparer.Ordinal))
        {
            WriteParameter(parameter, parameter.Summary(), page.Parameters["-" + parameter.Name], inSyntax: false);
        }

        WriteShouldProcess(page.Cmdlet);
        _xml.WriteEndElement();
    }

    private void WriteParameter(ParameterDescription parameter, ParameterAttribute place, IReadOnlyList<Block> text, bool inSyntax)
    {
        StartParameter(parameter.Name, place, parameter.Aliases, parameter.SupportsWildcards, parameter.IsArray);
        WriteParagraphs("description", text);
        if (inSyntax && parameter.Values.Count > 0)
        {
            _xml.WriteStartElement("parameterValueGroup", Command);
            foreach (string value in parameter.Values)
            {
                WriteParameterValue(value, required: false, isArray: false);
            }

            _xml.WriteEndElement();
        }

        if (!parameter.IsSwitch)
        {
            WriteParameterValue(parameter.TypeName, required: true, parameter.IsArray);
        }

        EndParameter(parameter.TypeName, parameter.Default);
    }

    private void WriteShouldProcess(CmdletDescription cmdlet)
    {
        foreach ((string name, string alias, string text) in cmdlet.SupportsShouldProcess ? ShouldProcessParameters : [])
        {
            StartParameter(name, new ParameterAttribute(), [alias], wildcards: false, isArray: false);
            WriteParagraphs("description", [new Paragraph(text)]);
            EndParameter("switch", bool.FalseString);
        }
    }

    private void StartParameter(string name, ParameterAttribute place, IReadOnlyList<string> aliases, bool wildcards, bool isArray)
    {
        _xml.WriteStartElement("parameter", Command);
        _xml.WriteAttributeString("required", XmlConvert.ToString(place.Mandatory));
        _xml.WriteAttributeString("variableLength", XmlConvert.ToString(isArray));
        _xml.WriteAttributeString("globbing", XmlConvert.ToString(wildcards));
        _xml.WriteAttributeString("pipelineInput", PipelineInput(place));
        _xml.WriteAttributeString("position", place.Position < 0 ? "named" : place.Position.ToString(CultureInfo.InvariantCulture));
        _xml.WriteAttributeString("aliases", aliases.Count == 0 ? "none" : string.Join(", ", aliases));
        _xml.WriteElementString("name", Maml, name);
    }

    private void EndParameter(string type, string? defaultValue)
    {
        _xml.WriteStartElement("type", Dev);
        _xml.WriteElementString("name", Maml, type);
        _xml.WriteEndElement();
        _xml.WriteElementString("defaultValue", Dev, defaultValue ?? "None");
        _xml.WriteEndElement();
    }

    private void WriteParameterValue(string value, bool required, bool isArray)
    {
        _xml.WriteStartElement("parameterValue", Command);
        _xml.WriteAttributeString("required", XmlConvert.ToString(required));
        _xml.WriteAttributeString("variableLength", XmlConvert.ToString(isArray));
        _xml.WriteString(value);
        _xml.WriteEndElement();
    }

    private void WriteTypes(string list, string item, IReadOnlyDictionary<string, IReadOnlyList<Block>> types)
    {
        _xml.WriteStartElement(list, Command);
        foreach ((string name, IReadOnlyList<Block> text) in types)
        {
            _xml.WriteStartElement(item, Command);
            _xml.WriteStartElement("type", Dev);
            _xml.WriteElementString("name", Maml, name);
            _xml.WriteEndElement();
            WriteParagraphs("description", text);
            _xml.WriteEndElement();
        }

        _xml.WriteEndElement();
    }

    /// <summary>MAML's own elements for errors say nothing of what to do, so errors are notes.</summary>
    private void WriteNotes(CmdletPage page)
    {
        _xml.WriteStartElement("alertSet", Maml);
        WriteParagraphs("alert", page.Errors.Count == 0 ? page.Notes : [.. page.Notes, ErrorsTitle, .. page.Errors]);
        _xml.WriteEndElement();
    }

    private void WriteExamples(IReadOnlyList<Example> examples)
    {
        _xml.WriteStartElement("examples", Command);
        for (int i = 0; i < examples.Count; i++)
        {
            Example example = examples[i];
            _xml.WriteStartElement("example", Command);
            _xml.WriteElementString("title", Maml, $"---------- Example {i + 1}: {example.Title} ----------");
            WriteParagraphs("introduction", example.Introduction);
            _xml.WriteElementString("code", Dev, example.Output.Length == 0 ? example.Command : $"{example.Command}\n\n{example.Output}");
            WriteParagraphs("remarks", [.. example.Remarks, EmptyLine], Dev);
            _xml.WriteEndElement();
        }

        _xml.WriteEndElement();
    }

    private void WriteRelated(IReadOnlyList<string> related)
    {
        _xml.WriteStartElement("relatedLinks", Command);
        foreach (string name in related)
        {
            _xml.WriteStartElement("navigationLink", Maml);
            _xml.WriteElementString("linkText", Maml, name);
            _xml.WriteElementString("uri", Maml, "");
            _xml.WriteEndElement();
        }

        _xml.WriteEndElement();
    }

    private void WriteParagraphs(string element, IEnumerable<Block> blocks, string space = Maml)
    {
        _xml.WriteStartElement(element, space);
        foreach (Block block in blocks)
        {
            _xml.WriteElementString("para", Maml, TextOf(block));
        }

        _xml.WriteEndElement();
    }

    /// <summary>MAML has no tables, so a row is an item of a list: its first cell, and what the others say of it.</summary>
    private static string TextOf(Block block) => block switch
    {
        ListItem item => "- " + item.Text,
        TableRow row => $"- {row.Cells[0]}: {string.Join(' ', row.Cells.Skip(1))}",
        _ => ((Paragraph)block).Text,
    };

    private static string PipelineInput(ParameterAttribute place) => (place.ValueFromPipeline, place.ValueFromPipelineByPropertyName) switch
    {
        (true, true) => "True (ByValue, ByPropertyName)",
        (true, false) => "True (ByValue)",
        (false, true) => "True (ByPropertyName)",
        _ => "False",
    };

    /// <summary>Names UTF-8 in the XML declaration.</summary>
    private sealed class Utf8StringWriter() : StringWriter(CultureInfo.InvariantCulture)
    {
        public override Encoding Encoding => Encoding.UTF8;
    }
}
