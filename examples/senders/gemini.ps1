# Sends the requests of Invoke-OpiTurn to Gemini. The address names the model.
param([switch] $Stream, [string] $Address = 'https://generativelanguage.googleapis.com', [string] $Key = $env:GEMINI_API_KEY)

$headers = @{ 'x-goog-api-key' = $Key }
if ($Stream) { return & "$PSScriptRoot/stream.ps1" "$Address/v1beta/models/{model}:streamGenerateContent?alt=sse" $headers }

{
    param($request)
    $uri = "$Address/v1beta/models/$([Uri]::EscapeDataString($request.ModelId)):generateContent"
    Invoke-RestMethod $uri -Method Post -Headers $headers -ContentType 'application/json; charset=utf-8' -Body $request.Json
}.GetNewClosure()
