# A script block for -Send that puts out the lines of a reply as they come. The others in this folder use it.
param(
    # The address. {model} in it is the model of the request.
    [Parameter(Mandatory)] [string] $Uri,
    [hashtable] $Headers = @{},

    # Members that make the request one for a stream.
    [hashtable] $Body = @{},

    # Reads the body: it gets the stream and the function that waits for a task. Lines by default.
    [scriptblock] $Read
)

$client = [Net.Http.HttpClient]::new()
$client.Timeout = [Threading.Timeout]::InfiniteTimeSpan # Invoke-OpiTurn has -TimeoutSec

# Waits in small steps, between which the script can be stopped; a call that blocks cannot.
$wait = {
    param($task)
    $ErrorActionPreference = 'Stop' # where the connection breaks, the script ends with that error, which Invoke-OpiTurn knows
    while (-not ([IAsyncResult] $task).AsyncWaitHandle.WaitOne(50)) { }
    $task.GetAwaiter().GetResult()
}

if (-not $Read) {
    $Read = {
        param($stream, $wait)
        $reader = [IO.StreamReader]::new($stream)
        for ($lines = 0; $null -ne ($line = & $wait $reader.ReadLineAsync()); $lines++) { $line }
        if ($lines -eq 0) { throw [IO.EndOfStreamException]::new('The server closed the connection before the first line.') }
    }
}

{
    param($request)
    foreach ($name in $Body.Keys) { $request[$name] = $Body[$name] }
    $message = [Net.Http.HttpRequestMessage]::new('Post', $Uri.Replace('{model}', [Uri]::EscapeDataString($request.ModelId)))
    $message.Content = [Net.Http.StringContent]::new($request.Json, [Text.Encoding]::UTF8, 'application/json')
    foreach ($name in $Headers.Keys) { $message.Headers.Add($name, [string] $Headers[$name]) }
    $response = & $wait $client.SendAsync($message, 'ResponseHeadersRead')
    try {
        if (-not $response.IsSuccessStatusCode) { return $response } # Opi reads its status, its body and Retry-After
        & $Read (& $wait $response.Content.ReadAsStreamAsync()) $wait
    }
    finally { $response.Dispose() }
}.GetNewClosure()
