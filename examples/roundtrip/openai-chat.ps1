# A conversation with OpenAI Chat Completions, or a server that speaks it: Opi makes the requests, keeps the replies, and gives back the context.
#
#   $env:OPENAI_API_KEY = '...'
#   ./examples/roundtrip/openai-chat.ps1

param(
    [string] $BaseUri = 'https://api.openai.com',
    [string] $Model = 'gpt-4o-mini',
    # The folder for the session; the default folder without it.
    [string] $Path
)

. "$PSScriptRoot/agent.ps1"

$request = @{
    Method      = 'Post'
    Uri         = "$BaseUri/v1/chat/completions"
    Headers     = @{ Authorization = "Bearer $env:OPENAI_API_KEY" }
    ContentType = 'application/json'
}
$settings = @{
    model = $Model
    tools = @(@{ type = 'function'; function = @{ name = $readNote.Name; description = $readNote.Description; parameters = $readNote.Schema } })
}

Start-Conversation "openai:$Model" $Path {
    param($session, $next)
    $body = $settings + (Get-OpiContext $session -As OpenAIChat -System $system @next)
    Invoke-RestMethod @request -Body ($body | ConvertTo-Json -Depth 20)
}
