BeforeAll { . "$PSScriptRoot/Common.ps1" }
AfterAll { Get-OpiSession -Open | Close-OpiSession } # Windows deletes no file that is open

Describe 'Set-OpiSession' {
    It 'gives a session a name and labels by which it is found' {
        $session = New-Conversation
        $folder = Split-Path $session.Path
        $session | Set-OpiSession -Name 'release notes' -AddLabel urgent, draft
        $session | Set-OpiSession -RemoveLabel draft
        (Get-OpiSession -Folder $folder -Name 'release*' -Label urgent).Id | Should -Be $session.Id
        Get-OpiSession -Folder $folder -Label draft | Should -BeNullOrEmpty
    }

    It 'sets the model of later turns' {
        $session = New-Conversation
        ($session | Set-OpiSession -Model openai:gpt-4o -PassThru).Model | Should -Be 'openai:gpt-4o'
        $null = $session | Add-OpiTurn -User q -Assistant a -InputTokens 10
        (Get-OpiCost $session -By Turn | Select-Object -Last 1).Model | Should -Be 'openai:gpt-4o'
    }
}
