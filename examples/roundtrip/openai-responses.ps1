# A conversation with OpenAI Responses, which stores nothing at OpenAI: Opi makes the requests, keeps the replies, and gives back the context.
#
#   $env:OPENAI_API_KEY = '...'
#   ./examples/roundtrip/openai-responses.ps1

param(
    [string] $BaseUri = 'https://api.openai.com',
    [string] $Model = 'gpt-5-mini',
    # The folder for the session; the default folder without it.
    [string] $Path
)

. "$PSScriptRoot/agent.ps1"

$request = @{
    Method      = 'Post'
    Uri         = "$BaseUri/v1/responses"
    Headers     = @{ Authorization = "Bearer $env:OPENAI_API_KEY" }
    ContentType = 'application/json'
}
# The reasoning comes encrypted, and goes back with the results of the calls it led to.
$settings = @{
    model   = $Model
    store   = $false
    include = @('reasoning.encrypted_content')
    tools   = @(@{ type = 'function'; name = $readNote.Name; description = $readNote.Description; parameters = $readNote.Schema })
}

Start-Conversation "openai:$Model" $Path {
    param($session, $next)
    $body = $settings + (Get-OpiContext $session -As OpenAIResponses -System $system @next)
    Invoke-RestMethod @request -Body ($body | ConvertTo-Json -Depth 20)
}
