# Sends the requests of Invoke-OpiTurn to OpenAI's Responses: give -As OpenAIResponses to Invoke-OpiTurn.
param([switch] $Stream, [string] $Address = 'https://api.openai.com', [string] $Key = $env:OPENAI_API_KEY)

$uri = "$Address/v1/responses"
$headers = @{ Authorization = "Bearer $Key" }
if ($Stream) { return & "$PSScriptRoot/stream.ps1" $uri $headers @{ stream = $true } }

{
    param($request)
    Invoke-RestMethod $uri -Method Post -Headers $headers -ContentType 'application/json; charset=utf-8' -Body $request.Json
}.GetNewClosure()
