BeforeAll { . "$PSScriptRoot/Common.ps1" }
AfterAll { Get-OpiSession -Open | Close-OpiSession } # Windows deletes no file that is open

Describe 'New-OpiCompactionPolicy' {
    It 'says once how sessions compact' {
        $policy = New-OpiCompactionPolicy -ContextWindow 8000 -ReserveTokens 3000 -AutoCompact -KeepRecentTurns 1 -Strategy Digest
        $first, $second = 1..2 | ForEach-Object { New-OpiSession -Path "$TestDrive/$(New-Guid)" -Compaction $policy }

        foreach ($session in $first, $second) {
            $session.ContextWindow | Should -Be 8000
            $session.CompactionThreshold | Should -Be 5000
        }
        $turns = 1..4 | ForEach-Object { Add-OpiTurn $first "question $_" ('word ' * 2000) }
        ($turns | Where-Object Compaction).Count | Should -BeGreaterThan 0
        $first, $second | Close-OpiSession
    }

    It 'is a list that fits the screen, and a row of CSV' {
        $policy = New-OpiCompactionPolicy -ContextWindow Auto -Summarizer { 'in short' } -Instructions 'keep names' -BudgetTokens 8000

        $shown = $policy | Out-String -Width 80
        $shown | Should -Match 'Due +: by the window of the session.s model'
        $shown | Should -Match 'Summarizer +: a script block'
        $shown | Should -Match 'BudgetTokens +: 8,?000'
        ($policy | ConvertTo-Csv)[1] | Should -Not -Match 'Opi\.|System\.'
    }

    It 'refuses instructions that nobody would follow' {
        { New-OpiCompactionPolicy -Instructions 'keep names' } | Should -Throw -ErrorId 'InstructionsWithoutSummarizer,*' -ExpectedMessage '*-Summarizer*'
    }
}

Describe 'Results of tools and pins' {
    It 'clears results, reads them by their ids, and keeps what is pinned' {
        $session = New-OpiSession anthropic:claude-sonnet-4-5 -Path "$TestDrive/$(New-Guid)"
        foreach ($i in 1..3) {
            $null = $session | Add-OpiTurn -Message @(
                New-OpiMessage User "question $i"
                New-OpiMessage Assistant -ToolCall @{ Id = "c$i"; Name = 'run'; Arguments = @{} }
                New-OpiMessage ToolResult ("line of $i`n" * 400) -ToolCallId "c$i" -ToolName run
                New-OpiMessage Assistant "answer $i")
        }
        $session | Set-OpiSession -Pin msg-3
        $cleared = $session | Invoke-OpiCompaction -Strategy ClearToolResults -KeepRecentTurns 1
        $cleared.ClearedEntryIds | Should -Be 'msg-7'
        ($session | Get-OpiEntry -EntryId msg-7).Message.Text | Should -BeLike 'line of 2*'

        $result = $session | Invoke-OpiCompaction -KeepRecentTurns 1
        $result.PinnedEntryIds | Should -Be 'msg-3'
        $context = $session | Get-OpiContext
        $context.EntryId[1..2] | Should -Be 'msg-2', 'msg-3'
        $context[2].Text | Should -BeLike 'line of 1*'

        $session | Close-OpiSession
        $resumed = Resume-OpiSession $session
        ($resumed | Get-OpiContext).Text | Should -Be $context.Text
        ($resumed | Get-OpiContext -As Anthropic).messages.Count | Should -BeGreaterThan 2
        $resumed | Close-OpiSession
    }
}
