# Gives a summarizer that asks OpenAI Chat Completions, or a server that speaks it: Azure OpenAI, vLLM, OpenRouter, DeepSeek.
#
#   $env:OPENAI_API_KEY = '...'
#   $session | Invoke-OpiCompaction -Summarizer (./examples/summarizers/openai-chat.ps1)
#   $session | Invoke-OpiCompaction -Summarizer (./examples/summarizers/openai-chat.ps1 -BaseUri http://localhost:8000 -Model qwen3)

param(
    [string] $BaseUri = 'https://api.openai.com',
    [string] $Model = 'gpt-4o-mini'
)

{
    param($messages, $request)

    $body = @{
        model    = $Model
        messages = @(@{ role = 'user'; content = $request.Prompt })
    }
    # The reply goes back as it is: Opi takes the text for the summary, and counts the tokens. So does an error: when the
    # prompt was too long for the model, the summarizer is called again with less.
    Invoke-RestMethod -Method Post -Uri "$BaseUri/v1/chat/completions" -ContentType 'application/json' -Headers @{
        Authorization = "Bearer $env:OPENAI_API_KEY"
    } -Body ($body | ConvertTo-Json -Depth 5)
}.GetNewClosure()
