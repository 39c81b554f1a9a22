BeforeAll { . "$PSScriptRoot/Common.ps1" }
AfterAll { Get-OpiSession -Open | Close-OpiSession } # Windows deletes no file that is open

Describe 'Get-OpiBranch' {
    It 'shows a fork and its branches, and which one is active' {
        $session = New-Conversation
        $session | Switch-OpiBranch -EntryId msg-2
        $null = $session | Add-OpiTurn -User 'another question' -Assistant 'another answer'
        $branches = Get-OpiBranch $session
        $branches.ForkPoint | Should -Be @($null, 'msg-2', 'msg-2')
        ($branches | Where-Object Active).LastText | Should -Be 'another answer'
    }
}
