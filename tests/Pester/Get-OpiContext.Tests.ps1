BeforeAll {
    Import-Module "$PSScriptRoot/../../Opi.psd1"
}

Describe 'Get-OpiContext' {
    BeforeEach {
        $session = New-OpiSession -Path "$TestDrive/$(New-Guid)"
        $null = 1..4 | ForEach-Object { $session | Add-OpiTurn -User "question $_" -Assistant "answer $_" }
    }

    AfterEach {
        Get-OpiSession -Open | Close-OpiSession
    }

    It 'gives all messages of a session that was never compacted' {
        (Get-OpiContext $session).Text | Should -Be 'question 1', 'answer 1', 'question 2', 'answer 2', 'question 3', 'answer 3', 'question 4', 'answer 4'
    }

    It 'gives the summary, what it kept and what came later' {
        $null = $session | Invoke-OpiCompaction -Summarizer { 'in short' }
        $null = $session | Add-OpiTurn -User later

        (Get-OpiContext $session).Text | Should -Be 'in short', 'question 4', 'answer 4', 'later'
        (Get-OpiContext $session).Role | Should -Be compaction_summary, user, assistant, user
    }

    It 'gives the same after closing and resuming' {
        $null = $session | Invoke-OpiCompaction
        $before = (Get-OpiContext $session).Text
        $session | Close-OpiSession

        ($session | Resume-OpiSession | Get-OpiContext).Text | Should -Be $before
        (Get-OpiContext $session.Path).Text | Should -Be $before
    }

    It 'becomes a request with ConvertTo-Json' {
        $body = @{ messages = @(Get-OpiContext $session | ForEach-Object { @{ role = $_.Role; content = $_.Text } }) } | ConvertTo-Json -Depth 3 | ConvertFrom-Json

        $body.messages[1].role | Should -Be assistant
        $body.messages[1].content | Should -Be 'answer 1'
    }
}
