# Sends the requests of Invoke-OpiTurn to OpenAI's Chat Completions, or to a server that speaks it.
param([switch] $Stream, [string] $Address = 'https://api.openai.com', [string] $Key = $env:OPENAI_API_KEY)

$uri = "$Address/v1/chat/completions"
$headers = @{ Authorization = "Bearer $Key" }
if ($Stream) {
    # Without include_usage a stream does not say what it cost.
    return & "$PSScriptRoot/stream.ps1" $uri $headers @{ stream = $true; stream_options = @{ include_usage = $true } }
}

{
    param($request)
    Invoke-RestMethod $uri -Method Post -Headers $headers -ContentType 'application/json; charset=utf-8' -Body $request.Json
}.GetNewClosure()
