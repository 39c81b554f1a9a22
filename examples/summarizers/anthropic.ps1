# Gives a summarizer that asks Anthropic Messages.
#
#   $env:ANTHROPIC_API_KEY = '...'
#   $summarizer = ./examples/summarizers/anthropic.ps1
#   $session | Invoke-OpiCompaction -Summarizer $summarizer
#   New-OpiSession anthropic:claude-sonnet-4-5 -ContextWindow Auto -AutoCompact -Summarizer $summarizer

param(
    [string] $BaseUri = 'https://api.anthropic.com',
    [string] $Model = 'claude-haiku-4-5'
)

{
    param($messages, $request)

    $body = @{
        model      = $Model
        max_tokens = 2 * $request.BudgetTokens # the prompt asks for less; what is cut off here counts as a failure
        messages   = @(@{ role = 'user'; content = $request.Prompt })
    }
    # The reply goes back as it is: Opi takes the text for the summary, and counts the tokens. So does an error: when the
    # prompt was too long for the model, the summarizer is called again with less.
    Invoke-RestMethod -Method Post -Uri "$BaseUri/v1/messages" -ContentType 'application/json' -Headers @{
        'x-api-key'         = $env:ANTHROPIC_API_KEY
        'anthropic-version' = '2023-06-01'
    } -Body ($body | ConvertTo-Json -Depth 5)
}.GetNewClosure()
