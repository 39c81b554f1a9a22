BeforeAll { . "$PSScriptRoot/Common.ps1" }

Describe 'Add-OpiTurn' {
    BeforeEach {
        $folder = "$TestDrive/$(New-Guid)"
        $session = New-OpiSession -Model anthropic:claude-sonnet-4-5 -Path $folder
    }

    AfterEach {
        Get-OpiSession -Open | Close-OpiSession
    }

    It 'persists a turn and tells its cost' {
        $turn = $session | Add-OpiTurn -User 'List the failing tests' -Assistant 'Three fail: ...' -InputTokens 1200 -OutputTokens 300

        $turn.SessionId | Should -Be $session.Id
        $turn.Turn | Should -Be 1
        $turn.TotalTokens | Should -Be 1500
        $turn.Cost | Should -Be 0.0081
        $turn.Cost | Should -BeOfType decimal
        Get-Content $session.Path | Should -HaveCount 3
    }

    It 'takes the raw text of files' {
        Set-Content "$TestDrive/prompt.txt" 'first', 'second'

        $null = $session | Add-OpiTurn -User (Get-Content "$TestDrive/prompt.txt" -Raw)

        (Get-OpiEntry $session).Message.Text | Should -Be (Get-Content "$TestDrive/prompt.txt" -Raw)
    }

    It 'takes an id and leaves the session closed' {
        $session | Close-OpiSession

        (Add-OpiTurn $session.Id -Folder $folder -User hi).Turn | Should -Be 1
        Get-OpiSession -Open | Where-Object Id -EQ $session.Id | Should -BeNullOrEmpty
    }

    It 'takes messages, any number, as one turn' {
        $turn = Add-OpiTurn $session -Message @(
            New-OpiMessage User 'What is in a.txt?'
            New-OpiMessage Assistant -ToolCall @{ Id = 'c1'; Name = 'read'; Arguments = @{ path = 'a.txt' } } -InputTokens 10 -OutputTokens 5
            New-OpiMessage ToolResult 'hello' -ToolCallId c1 -ToolName read
            New-OpiMessage Assistant 'It says hello.' -InputTokens 20 -OutputTokens 5
        )

        $turn.Turn | Should -Be 1
        $turn.EntryIds | Should -HaveCount 4
        $turn.InputTokens | Should -Be 30
    }

    It 'takes a tool call from the JSON of a reply' {
        $call = '{"id":"c1","name":"read","arguments":{"path":"a.txt","lines":[1,2]}}' | ConvertFrom-Json

        $null = Add-OpiTurn $session -Message (New-OpiMessage Assistant -ToolCall $call)

        (Get-OpiEntry $session).Message.ToolCalls.Arguments | Should -Be '{"path":"a.txt","lines":[1,2]}'
    }

    It 'takes one turn from each object of the pipeline' {
        $turns = 1..3 | Select-Object @{ n = 'User'; e = { "q$_" } }, @{ n = 'Assistant'; e = { "a$_" } }, @{ n = 'InputTokens'; e = { $_ * 10 } } | Add-OpiTurn $session

        $turns.Turn | Should -Be 1, 2, 3
        $turns.InputTokens | Should -Be 10, 20, 30
    }

    It 'says when a compaction is due' {
        $session | Close-OpiSession
        $session = Resume-OpiSession $session -Model anthropic:claude-sonnet-4-5 -CompactionThreshold 100

        ($session | Add-OpiTurn -User q -Assistant a -InputTokens 99).CompactionReason | Should -BeNullOrEmpty
        ($session | Add-OpiTurn -User q -Assistant a -InputTokens 1).CompactionReason | Should -Be Threshold
    }

    It 'writes nothing with -WhatIf' {
        $before = Get-SharedFileHash $session.Path

        $session | Add-OpiTurn -User q -WhatIf | Should -BeNullOrEmpty

        (Get-SharedFileHash $session.Path).Hash | Should -Be $before.Hash
    }

    It 'refuses <_>' -ForEach '-1', 'many', '9223372036854775808' {
        { $session | Add-OpiTurn -User q -Assistant a -InputTokens $_ } | Should -Throw '*InputTokens*'

        Get-Content $session.Path | Should -HaveCount 1
    }

    It 'says when a turn is empty, and goes on' {
        $turns = [pscustomobject]@{ User = '' }, [pscustomobject]@{ User = 'q' } | Add-OpiTurn $session -ErrorAction SilentlyContinue -ErrorVariable failed

        $turns.Turn | Should -Be 1
        $failed.FullyQualifiedErrorId | Should -Be 'EmptyTurn,Opi.PowerShell.Commands.AddOpiTurnCommand'
    }

    It 'leaves the session as it was when the file cannot be written, and goes on later' {
        $null = $session | Add-OpiTurn -User first
        Set-ItemProperty $session.Path IsReadOnly $true
        { $session | Add-OpiTurn -User lost -ErrorAction Stop } | Should -Throw -ErrorId 'SessionWriteFailed,Opi.PowerShell.Commands.AddOpiTurnCommand'
        Set-ItemProperty $session.Path IsReadOnly $false

        ($session | Add-OpiTurn -User second).Turn | Should -Be 2
        (Get-OpiEntry $session).Text | Should -Be first, second
    }
}
