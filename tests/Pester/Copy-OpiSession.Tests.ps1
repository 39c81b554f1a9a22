BeforeAll { . "$PSScriptRoot/Common.ps1" }
AfterAll { Get-OpiSession -Open | Close-OpiSession } # Windows deletes no file that is open

Describe 'Copy-OpiSession' {
    It 'forks a conversation that goes on by itself' {
        $session = New-Conversation
        $fork = $session | Copy-OpiSession -EntryId msg-2 | Resume-OpiSession
        $null = $fork | Add-OpiTurn -User 'another question'
        $fork.ParentSession | Should -Be $session.Id
        (Get-OpiContext $fork).Text | Should -Be 'question 1', 'answer 1', 'another question'
        (Get-OpiContext $session).Count | Should -Be 4
    }
}
