# Gives a summarizer that asks a model on this machine, with Ollama's own API.
#
#   ollama pull qwen3:8b
#   $session | Invoke-OpiCompaction -Summarizer (./examples/summarizers/ollama.ps1) -MaxInputTokens 24000

param(
    [string] $BaseUri = 'http://localhost:11434',
    [string] $Model = 'qwen3:8b'
)

{
    param($messages, $request)

    $body = @{
        model    = $Model
        stream   = $false
        messages = @(@{ role = 'user'; content = $request.Prompt })
        # Ollama cuts off what is longer than its window, in silence: make that large enough. A token has about 3 characters or more.
        options  = @{ num_ctx = [int][Math]::Ceiling($request.Prompt.Length / 3) + 2 * $request.BudgetTokens }
    }
    # The reply goes back as it is: Opi takes the text for the summary, and counts the tokens.
    Invoke-RestMethod -Method Post -Uri "$BaseUri/api/chat" -ContentType 'application/json' -Body ($body | ConvertTo-Json -Depth 5)
}.GetNewClosure()
