# Sends the requests of Invoke-OpiTurn to Ollama.
param([switch] $Stream, [string] $Address = 'http://localhost:11434')

$uri = "$Address/api/chat"
if ($Stream) { return & "$PSScriptRoot/stream.ps1" $uri @{} @{ stream = $true } }

{
    param($request)
    $request['stream'] = $false # Ollama streams by default
    Invoke-RestMethod $uri -Method Post -ContentType 'application/json; charset=utf-8' -Body $request.Json
}.GetNewClosure()
