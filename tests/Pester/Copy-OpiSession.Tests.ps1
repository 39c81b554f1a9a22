BeforeAll {
    Import-Module "$PSScriptRoot/../../Opi.psd1"
    function New-Conversation ([int] $Turns = 2) {
        $session = New-OpiSession anthropic:claude-sonnet-4-5 -Path "$TestDrive/$([guid]::NewGuid())"
        foreach ($i in 1..$Turns) { $null = $session | Add-OpiTurn -User "question $i" -Assistant "answer $i" -InputTokens 100 -OutputTokens 10 }
        $session
    }
}

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
