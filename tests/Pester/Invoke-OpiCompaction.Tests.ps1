BeforeAll { . "$PSScriptRoot/Common.ps1" }

Describe 'Invoke-OpiCompaction' {
    BeforeEach {
        $session = New-OpiSession -Path "$TestDrive/$(New-Guid)" -CompactionThreshold 1000
        $null = 1..4 | ForEach-Object { $session | Add-OpiTurn -User "question $_" -Assistant "answer $_" -InputTokens 100 }
    }

    AfterEach {
        Get-OpiSession -Open | Close-OpiSession
    }

    It 'keeps the newest quarter and summarises the rest' {
        $result = $session | Invoke-OpiCompaction

        $result.EntriesCompacted | Should -Be 6
        $result.EntriesKept | Should -Be 2
        $result.FirstKeptEntryId | Should -Be msg-7
        $result.Summary | Should -BeLike 'Digest of 6 messages*question 1*'
        $result.Messages | Should -HaveCount 3
    }

    It 'runs for the threshold only when it is due' {
        $session | Invoke-OpiCompaction -Reason Threshold | Should -BeNullOrEmpty

        $null = $session | Add-OpiTurn -User q -Assistant a -InputTokens 600
        ($session | Invoke-OpiCompaction -Reason Threshold).Reason | Should -Be Threshold
    }

    It 'takes the summary of a script block, which may call other commands' {
        $result = $session | Invoke-OpiCompaction -Summarizer {
            param($messages)
            $messages | Group-Object Role | Sort-Object Name | ForEach-Object { "$($_.Name): $($_.Count)" }
        }

        $result.Summary -split '\r?\n' | Should -Be 'assistant: 3', 'user: 3'
        $result.SummarySource | Should -Be Hook
    }

    It 'changes nothing when the script block <Name>' -ForEach @(
        @{ Name = 'throws'; Script = { throw 'the model is down' }; Reason = 'the model is down' }
        @{ Name = 'stops with Write-Error'; Script = { Write-Error 'the model is down' -ErrorAction Stop }; Reason = 'the model is down' }
        @{ Name = 'gives $null'; Script = { $null }; Reason = 'no text' }
        @{ Name = 'gives nothing'; Script = {}; Reason = 'no text' }
    ) {
        $before = Get-SharedFileHash $session.Path

        { $session | Invoke-OpiCompaction -Summarizer $Script -ErrorAction Stop } |
            Should -Throw "*$Reason*" -ErrorId 'CompactionFailed,Opi.PowerShell.Commands.InvokeOpiCompactionCommand'

        (Get-SharedFileHash $session.Path).Hash | Should -Be $before.Hash
        Get-OpiContext $session | Should -HaveCount 8
    }

    It 'keeps <Parameters.Keys>, and with a digest the user''s words' -ForEach @(
        @{ Parameters = @{ KeepRecentTurns = 2 }; First = 'msg-5' }
        @{ Parameters = @{ KeepRecentTokens = 14 }; First = 'msg-7' }
        @{ Parameters = @{ KeepRecent = 'Quarter' }; First = 'msg-7' }
    ) {
        $result = $session | Invoke-OpiCompaction -Strategy Digest @Parameters

        $result.FirstKeptEntryId | Should -Be $First
        $result.SummarySource | Should -Be Digest
        $result.Summary | Should -BeLike "Digest of * messages*## Original request*- question 1*"
    }

    It 'asks a summarizer again with less when it says ContextOverflow' {
        $asked = [Collections.Generic.List[int]]::new()

        $result = $session | Invoke-OpiCompaction -Summarizer {
            param($messages, $request)
            $asked.Add($request.Prompt.Length)
            if ($request.Attempt -lt 3) { Write-Error 'prompt is too long' -ErrorId ContextOverflow }
            @{ Summary = 'in short'; InputTokens = 7; OutputTokens = 3 }
        }

        $result.Summary | Should -Be 'in short'
        $asked | Should -HaveCount 3
        $asked[2] | Should -BeLessThan $asked[0]
        $session.Usage.TotalTokens | Should -Be 410
    }

    It 'says each time that it is suspended, after three failures in a row' {
        $null = $session | Add-OpiTurn -User q -Assistant a -InputTokens 600
        1..3 | ForEach-Object { $session | Invoke-OpiCompaction -Reason Threshold -Summarizer { throw 'down' } -ErrorAction SilentlyContinue }

        $session.CompactionSuspended | Should -BeTrue
        $session | Invoke-OpiCompaction -Reason Threshold -WarningVariable warning -WarningAction SilentlyContinue | Should -BeNullOrEmpty
        $warning | Should -BeLike '*suspended*'
        ($session | Invoke-OpiCompaction).Reason | Should -Be Manual
        $session.CompactionSuspended | Should -BeFalse
    }

    It 'says with -Verbose when there is nothing to compact' {
        $empty = New-OpiSession -Path "$TestDrive/empty"

        $verbose = $empty | Invoke-OpiCompaction -Verbose 4>&1

        $verbose | Where-Object { "$_" -like '*nothing to compact*' } | Should -HaveCount 1
    }

    It 'writes nothing with -WhatIf' {
        $before = Get-SharedFileHash $session.Path

        $session | Invoke-OpiCompaction -WhatIf | Should -BeNullOrEmpty

        (Get-SharedFileHash $session.Path).Hash | Should -Be $before.Hash
    }
}

Describe 'The summarizers of examples' {
    BeforeAll {
        . "$PSScriptRoot/Common.ps1"
        $root = "$PSScriptRoot/../.."
        $stub = Start-ProviderStub
        $uri = $stub.Uri
        $env:ANTHROPIC_API_KEY = $env:OPENAI_API_KEY = 'test'
    }

    AfterAll {
        Stop-ProviderStub $stub
        Get-OpiSession -Open | Close-OpiSession
    }

    It 'asks <Name> with a request that it takes, and counts the tokens' -ForEach @(
        @{ Name = 'anthropic'; Model = 'anthropic:*' }
        @{ Name = 'openai-chat'; Model = 'openai:*' }
        @{ Name = 'ollama'; Model = 'ollama:*' }
    ) {
        $session = New-Conversation 4

        $result = $session | Invoke-OpiCompaction -Summarizer (& "$root/examples/summarizers/$Name.ps1" -BaseUri $uri)

        $result.SummarySource | Should -Be Hook
        $result.Summary | Should -Not -BeNullOrEmpty
        $result.Usage.TotalTokens | Should -BeGreaterThan 0
        (Get-OpiEntry $session -Last 1).ModelSpec | Should -BeLike $Model
        (Get-OpiCost $session).TotalTokens | Should -Be (440 + $result.Usage.TotalTokens)
        $request = (Invoke-RestMethod "$uri/requests")[-1]
        $request.Status | Should -Be 200
        $request.Violations | Should -BeNullOrEmpty
    }

    It 'fails with what the provider says' {
        $session = New-Conversation 4

        { $session | Invoke-OpiCompaction -ErrorAction Stop -Summarizer { Invoke-RestMethod "$uri/v1/messages" -Method Post -Body '{}' -Headers @{ 'x-api-key' = 'k'; 'anthropic-version' = '2023-06-01' } } } |
            Should -Throw '*The reply of Anthropic is an error*' -ErrorId 'CompactionFailed,*'

        Get-OpiContext $session | Should -HaveCount 8
    }
}

Describe 'A long run that compacts by itself' {
    BeforeAll {
        . "$PSScriptRoot/Common.ps1"
        $stub = Start-ProviderStub
        $requests = @{
            Anthropic  = @{ Path = '/v1/messages'; Headers = @{ 'x-api-key' = 'k'; 'anthropic-version' = '2023-06-01' }; Body = @{ model = 'm'; max_tokens = 9 } }
            OpenAIChat = @{ Path = '/v1/chat/completions'; Headers = @{ Authorization = 'Bearer k' }; Body = @{ model = 'm' } }
            Gemini     = @{ Path = '/v1beta/models/m:generateContent'; Headers = @{ 'x-goog-api-key' = 'k' }; Body = @{} }
        }

        # A request, two calls side by side, their results in the other order, an answer.
        function New-Turn ([int] $Number) {
            New-OpiMessage User "request $Number"
            New-OpiMessage Assistant 'Looking.' -ToolCall @{ Id = "a$Number"; Name = 'read'; Arguments = @{ path = "src/$Number.cs" } }, @{ Id = "b$Number"; Name = 'edit'; Arguments = @{ path = "doc/$Number.md" } }
            New-OpiMessage ToolResult ("line $Number`n" * 60) -ToolCallId "b$Number" -ToolName edit
            New-OpiMessage ToolResult 'no such file' -ToolCallId "a$Number" -ToolName read -IsError
            New-OpiMessage Assistant "answer $Number"
        }
    }

    AfterAll {
        Stop-ProviderStub $stub
        Get-OpiSession -Open | Close-OpiSession
    }

    It 'stays in the window, and providers take every context, with <Name>' -ForEach @(
        @{ Name = 'Core'; Parameters = @{ CompactionStrategy = 'Core' } }
        @{ Name = 'Digest and tokens'; Parameters = @{ KeepRecentTokens = 1500 } }
        @{ Name = 'a script block and turns'; Parameters = @{ KeepRecentTurns = 3; Summarizer = { param($messages, $request) "notes: $($request.Messages.Count) messages" } } }
    ) {
        $session = New-OpiSession -Path "$TestDrive/$(New-Guid)" -ContextWindow 8000 -ReserveTokens 3000 -AutoCompact -Durability Buffered @Parameters
        $compactions = 0
        foreach ($number in 1..80) {
            $turn = $session | Add-OpiTurn -Message (New-Turn $number)
            $session.ContextTokens | Should -BeLessThan 8000
            if (-not $turn.Compaction) { continue }

            $compactions++
            $session.ContextTokens | Should -BeLessOrEqual 5000
            foreach ($provider in $requests.Keys) {
                $request = $requests[$provider]
                $body = $request.Body + (Get-OpiContext $session -As $provider -Prompt 'and now?' -WarningVariable warnings)
                $null = Invoke-RestMethod -Method Post "$($stub.Uri)$($request.Path)" -Headers $request.Headers -ContentType application/json -Body ($body | ConvertTo-Json -Depth 20)
                $warnings | Should -BeNullOrEmpty
            }
        }

        $compactions | Should -BeGreaterThan 4
        $session.CompactionSuspended | Should -BeFalse
        (Get-OpiContext $session | Where-Object Role -EQ user | Select-Object -Last 1).Text | Should -Be 'request 80'
    }
}
