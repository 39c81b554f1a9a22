# A conversation with Ollama's own API: Opi makes the requests, keeps the replies, and gives back the context.
#
#   ollama pull qwen3:8b
#   ./examples/roundtrip/ollama.ps1

param(
    [string] $BaseUri = 'http://localhost:11434',
    [string] $Model = 'qwen3:8b',
    # The folder for the session; the default folder without it.
    [string] $Path
)

. "$PSScriptRoot/agent.ps1"

$request = @{
    Method      = 'Post'
    Uri         = "$BaseUri/api/chat"
    ContentType = 'application/json'
}
$settings = @{
    model  = $Model
    stream = $false
    tools  = @(@{ type = 'function'; function = @{ name = $readNote.Name; description = $readNote.Description; parameters = $readNote.Schema } })
}

Start-Conversation "ollama:$Model" $Path {
    param($session, $next)
    $body = $settings + (Get-OpiContext $session -As Ollama -System $system @next)
    Invoke-RestMethod @request -Body ($body | ConvertTo-Json -Depth 20)
}
