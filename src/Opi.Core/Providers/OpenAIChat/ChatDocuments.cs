namespace Opi;

/// <summary>How a server that speaks Chat Completions takes a document.</summary>
internal enum ChatDocuments
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>As a <c>file</c> that holds it.</summary>
    File,

    /// <summary>As a <c>file</c> that holds it or says where it is (OpenRouter).</summary>
    FileOrUrl,

    /// <summary>As a <c>document_url</c> (Mistral).</summary>
    DocumentUrl,
}
