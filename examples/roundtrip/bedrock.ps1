# A conversation with Amazon Bedrock Converse: Opi makes the requests, keeps the replies, and gives back the context.
#
#   $env:AWS_BEARER_TOKEN_BEDROCK = '...'
#   ./examples/roundtrip/bedrock.ps1

param(
    [string] $BaseUri = 'https://bedrock-runtime.us-east-1.amazonaws.com',
    [string] $Model = 'us.anthropic.claude-sonnet-4-5-20250929-v1:0',
    # The folder for the session; the default folder without it.
    [string] $Path
)

. "$PSScriptRoot/agent.ps1"

$request = @{
    Method      = 'Post'
    Uri         = "$BaseUri/model/$([uri]::EscapeDataString($Model))/converse"
    Headers     = @{ Authorization = "Bearer $env:AWS_BEARER_TOKEN_BEDROCK" }
    ContentType = 'application/json'
}
$settings = @{
    toolConfig = @{ tools = @(@{ toolSpec = @{ name = $readNote.Name; description = $readNote.Description; inputSchema = @{ json = $readNote.Schema } } }) }
}

Start-Conversation "bedrock:$Model" $Path {
    param($session, $next)
    $body = $settings + (Get-OpiContext $session -As Bedrock -System $system @next)
    Invoke-RestMethod @request -Body ($body | ConvertTo-Json -Depth 20)
}
