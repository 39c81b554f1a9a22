BeforeAll {
    Import-Module "$PSScriptRoot/../../Opi.psd1"
    $data = "$PSScriptRoot/../data/replies"
}

Describe 'ConvertTo-OpiMessage' {
    It 'takes the reply of <_> from ConvertFrom-Json, as a table, as text and as lines' -ForEach 'anthropic', 'openai-chat', 'openai-responses', 'gemini', 'ollama', 'bedrock' {
        $text = Get-Content "$data/$_.json" -Raw
        $messages = @(
            $text | ConvertFrom-Json | ConvertTo-OpiMessage
            $text | ConvertFrom-Json -AsHashtable | ConvertTo-OpiMessage
            ConvertTo-OpiMessage ($text | ConvertFrom-Json)
            $text | ConvertTo-OpiMessage
            Get-Content "$data/$_.json" | ConvertTo-OpiMessage
        )

        $messages | Should -HaveCount 5
        $messages.Text | Should -Be (@('I read the file.') * 5)
        $messages.StopReason | Should -Be (@('ToolUse') * 5)
        ($messages.ForEach{ @($_.ToolCalls)[0].Arguments | ConvertFrom-Json }).path | Should -Be (@('a b.txt') * 5)
        ($messages.Usage | Select-Object -Unique) | Should -HaveCount 1
        $messages[0].Usage.IsKnown | Should -BeTrue
    }

    It 'takes the stream of <_> as text, as lines and as chunks' -ForEach 'anthropic', 'openai-chat', 'openai-responses' {
        $lines = Get-Content "$data/$_.sse"
        $chunks = $lines | Where-Object { $_ -like 'data: {*' } | ForEach-Object { $_.Substring(6) | ConvertFrom-Json }
        $messages = @(
            Get-Content "$data/$_.sse" -Raw | ConvertTo-OpiMessage
            $lines | ConvertTo-OpiMessage
            $chunks | ConvertTo-OpiMessage
            ConvertTo-OpiMessage $chunks
        )

        $messages.Text | Should -Be (@('I read the file.') * 4)
        ($messages.Usage | Select-Object -Unique) | Should -HaveCount 1
    }

    It 'makes a text again of what ConvertFrom-Json took for a time' {
        $message = '{"choices":[{"message":{"content":"2026-11-24T13:45:00Z"},"finish_reason":"stop"}]}' | ConvertFrom-Json | ConvertTo-OpiMessage

        $message.Text | Should -Be '2026-11-24T13:45:00Z'
    }

    It 'says what the provider says is wrong' {
        { '{"error":{"code":429,"message":"Slow down","status":"RESOURCE_EXHAUSTED"}}' | ConvertFrom-Json | ConvertTo-OpiMessage -ErrorAction Stop } |
            Should -Throw 'The reply of gemini is an error: RESOURCE_EXHAUSTED: Slow down' -ErrorId 'ProviderError,*'
    }

    It 'gives Add-OpiTurn all of a reply' {
        $session = New-OpiSession anthropic:claude-sonnet-4-5 -Path "$TestDrive/$(New-Guid)"
        $reply = Get-Content "$data/anthropic.json" -Raw | ConvertFrom-Json

        $turn = $session | Add-OpiTurn -User 'Read it' -Response $reply
        $session | Close-OpiSession

        $turn.InputTokens, $turn.OutputTokens, $turn.CacheReadTokens, $turn.CacheWriteTokens | Should -Be 21, 57, 4000, 300
        $answer = (Get-OpiEntry $session.Path)[1].Message
        $answer.ModelSpec | Should -Be 'anthropic:claude-sonnet-4-5-20250929'
        $answer.ToolCalls.Name | Should -Be 'read', 'list'
    }
}
