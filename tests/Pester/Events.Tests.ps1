BeforeAll {
    Import-Module "$PSScriptRoot/../../Opi.psd1"

    # PowerShell delivers events on another thread, a little later; their numbers tell in which order they were raised.
    function WaitForEvents {
        Wait-Event ended -Timeout 30 | Out-Null
        Wait-Event started -Timeout 30 | Out-Null
        Get-Event | Sort-Object EventIdentifier
    }
}

Describe 'Events of a compaction' {
    BeforeEach {
        $session = New-OpiSession -Path "$TestDrive/$(New-Guid)" -CompactionThreshold 1000 -AutoCompact
        $null = 1..4 | ForEach-Object { $session | Add-OpiTurn -User "question $_" -Assistant "answer $_" }
        Register-ObjectEvent $session CompactionStarted -SourceIdentifier started
        Register-ObjectEvent $session CompactionEnded -SourceIdentifier ended
    }

    AfterEach {
        Get-EventSubscriber | Unregister-Event
        Get-Event | Remove-Event
        Get-OpiSession -Open | Close-OpiSession
    }

    It 'come in order, with the result' {
        $result = $session | Invoke-OpiCompaction

        $started, $ended = WaitForEvents
        $started.SourceIdentifier, $ended.SourceIdentifier | Should -Be started, ended
        $started.SourceEventArgs.SessionId | Should -Be $session.Id
        $started.SourceEventArgs.Reason | Should -Be Manual
        $ended.SourceEventArgs.Aborted | Should -BeFalse
        $ended.SourceEventArgs.Result | Should -Be $result
    }

    It 'come in order when the summariser fails' {
        $session | Invoke-OpiCompaction -Summarizer { throw 'the model is down' } -ErrorAction SilentlyContinue

        $started, $ended = WaitForEvents
        $started.SourceIdentifier, $ended.SourceIdentifier | Should -Be started, ended
        $ended.SourceEventArgs.Aborted | Should -BeTrue
        $ended.SourceEventArgs.Result | Should -BeNullOrEmpty
        $ended.SourceEventArgs.ErrorMessage | Should -BeLike '*the model is down*'
    }

    It 'do not come for a compaction that is not due' {
        $session | Invoke-OpiCompaction -Reason Threshold
        $null = $session | Invoke-OpiCompaction -Reason Overflow

        (WaitForEvents).SourceEventArgs.Reason | Should -Be Overflow, Overflow
    }

    It 'come for a compaction that a turn brings about' {
        $turn = $session | Add-OpiTurn -User q -Assistant a -InputTokens 1000

        (WaitForEvents).SourceEventArgs.Reason | Should -Be Threshold, Threshold
        $turn.Compaction | Should -Be (Get-Event ended).SourceEventArgs.Result
    }

    It 'run the action that was registered' {
        $seen = [Collections.Concurrent.ConcurrentQueue[string]]::new()
        $null = Register-ObjectEvent $session CompactionEnded -MessageData $seen -Action { $Event.MessageData.Enqueue($EventArgs.Result.Summary) }

        $null = $session | Invoke-OpiCompaction -Summarizer { 'in short' }
        for ($i = 0; $seen.IsEmpty -and $i -lt 300; $i++) { Start-Sleep -Milliseconds 100 }

        $seen.ToArray() | Should -Be 'in short'
    }
}
