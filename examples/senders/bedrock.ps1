# Sends the requests of Invoke-OpiTurn to Amazon Bedrock (Converse), with a key of Bedrock's own. The address names the model.
param(
    [switch] $Stream,
    [string] $Region = $env:AWS_REGION,
    [string] $Address = "https://bedrock-runtime.$Region.amazonaws.com",
    [string] $Key = $env:AWS_BEARER_TOKEN_BEDROCK
)

$headers = @{ Authorization = "Bearer $Key" }

# Amazon's frames: 12 bytes with the length of all and of the headers, the headers, the JSON of the event, 4 bytes of checksum.
$readFrames = {
    param($stream, $wait)
    $read = {
        param([int] $count)
        $bytes = [byte[]]::new($count)
        for ($at = 0; $at -lt $count; $at += $got) {
            $got = & $wait $stream.ReadAsync($bytes, $at, $count - $at)
            if ($got -eq 0) {
                if ($at -eq 0) { return } # the end, between two frames
                throw [IO.EndOfStreamException]::new('The stream ended within an event.')
            }
        }
        , $bytes
    }
    for ($frames = 0; $prelude = & $read 12; $frames++) {
        $length = [Buffers.Binary.BinaryPrimitives]::ReadInt32BigEndian([ArraySegment[byte]]::new($prelude, 0, 4))
        $ofHeaders = [Buffers.Binary.BinaryPrimitives]::ReadInt32BigEndian([ArraySegment[byte]]::new($prelude, 4, 4))
        $rest = & $read ($length - 12)
        if (-not $rest) { throw [IO.EndOfStreamException]::new('The stream ended within an event.') }
        $name = ''
        for ($at = 0; $at -lt $ofHeaders; ) { # each: length and name, type 7 (text), two bytes of length, text
            $header = [Text.Encoding]::ASCII.GetString($rest, $at + 1, $rest[$at])
            $at += 1 + $rest[$at] + 1
            $size = $rest[$at] * 256 + $rest[$at + 1]
            if ($header -in ':event-type', ':exception-type') { $name = [Text.Encoding]::UTF8.GetString($rest, $at + 2, $size) }
            $at += 2 + $size
        }
        $json = [Text.Encoding]::UTF8.GetString($rest, $ofHeaders, $rest.Length - $ofHeaders - 4)
        "{`"$name`":$json}"
    }
    if ($frames -eq 0) { throw [IO.EndOfStreamException]::new('The server closed the connection before the first event.') }
}
if ($Stream) { return & "$PSScriptRoot/stream.ps1" "$Address/model/{model}/converse-stream" $headers -Read $readFrames }

{
    param($request)
    $uri = "$Address/model/$([Uri]::EscapeDataString($request.ModelId))/converse"
    Invoke-RestMethod $uri -Method Post -Headers $headers -ContentType 'application/json; charset=utf-8' -Body $request.Json
}.GetNewClosure()
