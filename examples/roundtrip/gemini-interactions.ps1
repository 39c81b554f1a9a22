# A conversation with Gemini's Interactions API: Opi makes the requests, keeps the replies, and gives back the context.
#
#   $env:GEMINI_API_KEY = '...'
#   ./examples/roundtrip/gemini-interactions.ps1

param(
    [string] $BaseUri = 'https://generativelanguage.googleapis.com',
    [string] $Model = 'gemini-2.5-flash',
    # The folder for the session; the default folder without it.
    [string] $Path
)

. "$PSScriptRoot/agent.ps1"

$request = @{
    Method      = 'Post'
    Uri         = "$BaseUri/v1beta/interactions"
    Headers     = @{ 'x-goog-api-key' = $env:GEMINI_API_KEY }
    ContentType = 'application/json'
}
$settings = @{
    model = $Model
    store = $false # Opi keeps the conversation
    tools = @(@{ type = 'function'; name = $readNote.Name; description = $readNote.Description; parameters = $readNote.Schema })
}

Start-Conversation "gemini:$Model" $Path {
    param($session, $next)
    $body = $settings + (Get-OpiContext $session -As GeminiInteractions -System $system @next)
    Invoke-RestMethod @request -Body ($body | ConvertTo-Json -Depth 20)
}
