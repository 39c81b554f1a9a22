# A conversation with Anthropic Messages: Opi makes the requests, keeps the replies, and gives back the context.
#
#   $env:ANTHROPIC_API_KEY = '...'
#   ./examples/roundtrip/anthropic.ps1

param(
    [string] $BaseUri = 'https://api.anthropic.com',
    [string] $Model = 'claude-sonnet-4-5',
    # The folder for the session; the default folder without it.
    [string] $Path
)

. "$PSScriptRoot/agent.ps1"

$request = @{
    Method      = 'Post'
    Uri         = "$BaseUri/v1/messages"
    Headers     = @{ 'x-api-key' = $env:ANTHROPIC_API_KEY; 'anthropic-version' = '2023-06-01' }
    ContentType = 'application/json'
}
$settings = @{
    model      = $Model
    max_tokens = 4096
    thinking   = @{ type = 'enabled'; budget_tokens = 1024 }
    tools      = @(@{ name = $readNote.Name; description = $readNote.Description; input_schema = $readNote.Schema })
}

Start-Conversation "anthropic:$Model" $Path {
    param($session, $next)
    $body = $settings + (Get-OpiContext $session -As Anthropic -System $system @next)
    Invoke-RestMethod @request -Body ($body | ConvertTo-Json -Depth 20)
}
