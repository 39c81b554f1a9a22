# What the scripts beside it share: a tool, and the loop that answers the model's calls until it is done.

$ErrorActionPreference = 'Stop'
if (-not (Get-Module Opi)) { Import-Module ([IO.Path]::Combine($PSScriptRoot, '..', '..', 'Opi.psd1')) }

$notes = [ordered]@{
    shopping = '2 l milk, 12 eggs, flour'
    todo     = 'call the plumber; water the plants'
}

$system = 'You answer questions about the notes of the user. Read a note before you speak of it.'

# The tool as JSON schema; each script wraps it as its provider wants it.
$readNote = @{
    Name        = 'read_note'
    Description = 'Reads a note of the user.'
    Schema      = @{
        type       = 'object'
        properties = @{ name = @{ type = 'string'; description = 'Which note.'; enum = @($notes.Keys) } }
        required   = @('name')
    }
}

function Invoke-ReadNote ($Call) {
    $name = $Call.Arguments.name
    $isError = -not $notes.Contains("$name")
    $text = $isError ? "There is no note '$name'. There are: $($notes.Keys -join ', ')." : $notes["$name"]
    New-OpiMessage ToolResult $text -ToolCallId $Call.Id -ToolName $Call.Name -IsError:$isError
}

# No request goes out when the sessions of this folder have cost as much today as OPI_BUDGET says, in USD, or when that is not known.
function Assert-Budget ($Session) {
    if ($env:OPI_BUDGET) { Assert-OpiBudget $env:OPI_BUDGET Day -Folder (Split-Path $Session.Path) }
}

# Asks a question and runs the tools that the model calls, until it answers. $Send sends one request: it gets the session and what
# Get-OpiContext is to add to the context, and gives the provider's reply. Every reply and every result is in the session before the next request.
function Invoke-Agent ($Session, [string] $Prompt, [scriptblock] $Send) {
    Assert-Budget $Session
    $reply = & $Send $Session @{ Prompt = $Prompt }
    $null = $Session | Add-OpiTurn -User $Prompt -Response $reply
    $answer = $reply | ConvertTo-OpiMessage
    while ($answer.ToolCalls) {
        foreach ($call in $answer.ToolCalls) { "    $($call.Name) $($call.Arguments)" }
        $results = foreach ($call in $answer.ToolCalls) { Invoke-ReadNote $call }
        $null = $Session | Add-OpiTurn -Message $results
        Assert-Budget $Session
        $reply = & $Send $Session @{}
        $null = $Session | Add-OpiTurn -Response $reply
        $answer = $reply | ConvertTo-OpiMessage
    }
    $answer.Text
}

# A session and two questions: the second one goes out with all that was said before it.
function Start-Conversation ([string] $Model, [string] $Path, [scriptblock] $Send) {
    $folder = $Path ? @{ Path = $Path } : @{}
    $session = New-OpiSession -Model $Model @folder
    foreach ($question in 'What do I have to buy?', 'How many eggs was that?') {
        "> $question"
        Invoke-Agent $session $question $Send
    }
    Get-OpiCost $session | Out-Default
    "The session: $($session.Path)"
    $session | Close-OpiSession
}
