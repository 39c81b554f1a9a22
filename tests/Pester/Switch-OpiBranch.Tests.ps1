BeforeAll { . "$PSScriptRoot/Common.ps1" }
AfterAll { Get-OpiSession -Open | Close-OpiSession } # Windows deletes no file that is open

Describe 'Switch-OpiBranch' {
    It 'goes back and forth by pipeline' {
        $session = New-Conversation
        $session | Switch-OpiBranch -EntryId msg-2
        $null = $session | Add-OpiTurn -User 'another question'
        Get-OpiBranch $session | Where-Object { -not $_.Active -and $_.ForkPoint } | Switch-OpiBranch
        (Get-OpiContext $session).Text | Should -Be 'question 1', 'answer 1', 'question 2', 'answer 2'
    }

    It 'names the entries near one that is not there' {
        { New-Conversation | Switch-OpiBranch -EntryId msg-99 -ErrorAction Stop } | Should -Throw '*near it are msg-4*' -ErrorId 'EntryNotFound*'
    }
}
