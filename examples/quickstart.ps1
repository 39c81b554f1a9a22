# A recorded session of a coding agent, replayed into a new Opi session turn by turn: its cost as it grows, the compactions on the way, the
# context they leave, the session closed and resumed unchanged, and its cost as a CSV file.
#
#   pwsh:              ./examples/quickstart.ps1
#   only the .NET SDK: dotnet run --project src/Opi.Shell -- examples/quickstart.ps1

param(
    # Where the session is written; a new folder among the temporary files by default.
    [string] $Path = [IO.Path]::Combine([IO.Path]::GetTempPath(), "opi-quickstart-$([guid]::NewGuid().ToString('n').Substring(0, 8))")
)

$ErrorActionPreference = 'Stop'
if (-not (Get-Module Opi)) { Import-Module ([IO.Path]::Combine($PSScriptRoot, '..', 'Opi.psd1')) }

# The recording is itself a session file: its messages are read from it and grouped into turns, each beginning with a prompt.
$turns = [Collections.Generic.List[object]]::new()
foreach ($entry in Get-OpiEntry "$PSScriptRoot/data/pi-mono-theme.jsonl" -Type Message) {
    if ($entry.Role -eq 'user') { $turns.Add([Collections.Generic.List[Opi.Message]]::new()) }
    $turns[-1].Add($entry.Message)
}
"A coding agent ported a theme system: $($turns.Count) turns, replayed into a new session in`n$Path`n"

# Each turn is on the disk when Add-OpiTurn returns. A compaction is due when the tokens since the last one reach the threshold.
$session = New-OpiSession -Model anthropic:claude-sonnet-4-5 -Path $Path -CompactionThreshold 2000000
$compactions = [Collections.Generic.List[object]]::new()
$added = foreach ($messages in $turns) {
    $session | Add-OpiTurn -Message $messages
    if ($session.CompactionDue) { $compactions.Add(($session | Invoke-OpiCompaction -Reason Threshold)) }
}

'The turns as they were written:'
$added | Out-Default

"The threshold was reached $($compactions.Count) times. The last compaction:"
$compactions[-1] | Out-Default

'The context to send next, its summary first. No tool result is cut from its call:'
Get-OpiContext $session | Out-Default

'What it cost, each answer at its own model''s price:'
Get-OpiCost $session | Out-Default

# Close, resume, compare.
$before = @{ Context = (Get-OpiContext $session).Text -join "`n"; Tokens = $session.Usage.TotalTokens; Entries = $session.EntryCount }
$session | Close-OpiSession
$resumed = Resume-OpiSession $session.Path
$same = ((Get-OpiContext $resumed).Text -join "`n") -eq $before.Context -and $resumed.Usage.TotalTokens -eq $before.Tokens -and
    $resumed.EntryCount -eq $before.Entries
if (-not $same) { throw 'The resumed session differs from the one that was closed.' }
"Closed and resumed: the same $($resumed.EntryCount) entries, the same context, the same $($resumed.Usage.TotalTokens.ToString('N0')) tokens."

# One call runs a turn: the request, the tools that the model calls, each step on the disk before the next. The model here is a script block with
# two answers; examples/senders has real ones.
function Get-EntryCount { $resumed.EntryCount }
$content = [Collections.Generic.Queue[object]]::new()
$content.Enqueue(@{ type = 'tool_use'; id = 'call_1'; name = 'Get-EntryCount'; input = @{} })
$content.Enqueue(@{ type = 'text'; text = 'The session has grown by the prompt and my call.' })
$turn = Invoke-OpiTurn $resumed 'How many entries has this session?' -Tool (Get-Command Get-EntryCount) -Send {
    $block = $content.Dequeue()
    @{ type = 'message'; role = 'assistant'; model = $_.ModelId; content = @($block); stop_reason = $block.type -eq 'text' ? 'end_turn' : 'tool_use'
        usage = @{ input_tokens = 9000; output_tokens = 30 } }
}
"A turn in one call: $($turn.Rounds) requests, $($turn.ToolCalls) tool call, $($turn.Cost) USD. The model says: $($turn.Text)"
$resumed | Close-OpiSession

# The cost as a file: its two lines are the names of the columns and the session.
$csv = Join-Path $Path cost.csv
Get-OpiCost -Folder $Path | Export-Csv $csv
"The cost is in $csv`:"
Get-Content $csv -TotalCount 2
