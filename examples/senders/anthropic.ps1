# Sends the requests of Invoke-OpiTurn to Anthropic.
param([switch] $Stream, [string] $Address = 'https://api.anthropic.com', [string] $Key = $env:ANTHROPIC_API_KEY)

$uri = "$Address/v1/messages"
$headers = @{ 'x-api-key' = $Key; 'anthropic-version' = '2023-06-01' }
if ($Stream) { return & "$PSScriptRoot/stream.ps1" $uri $headers @{ stream = $true } }

{
    param($request)
    Invoke-RestMethod $uri -Method Post -Headers $headers -ContentType 'application/json; charset=utf-8' -Body $request.Json
}.GetNewClosure()
