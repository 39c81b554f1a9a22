BeforeAll {
    Import-Module "$PSScriptRoot/../../Opi.psd1"
}

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
        $result.Summary | Should -BeLike 'Compacted 6 messages: question 1*'
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
        $before = Get-FileHash $session.Path

        { $session | Invoke-OpiCompaction -Summarizer $Script -ErrorAction Stop } |
            Should -Throw "*$Reason*" -ErrorId 'CompactionFailed,Opi.PowerShell.Commands.InvokeOpiCompactionCommand'

        (Get-FileHash $session.Path).Hash | Should -Be $before.Hash
        Get-OpiContext $session | Should -HaveCount 8
    }

    It 'says with -Verbose when there is nothing to compact' {
        $empty = New-OpiSession -Path "$TestDrive/empty"

        $verbose = $empty | Invoke-OpiCompaction -Verbose 4>&1

        $verbose | Where-Object { "$_" -like '*nothing to compact*' } | Should -HaveCount 1
    }

    It 'writes nothing with -WhatIf' {
        $before = Get-FileHash $session.Path

        $session | Invoke-OpiCompaction -WhatIf | Should -BeNullOrEmpty

        (Get-FileHash $session.Path).Hash | Should -Be $before.Hash
    }
}
