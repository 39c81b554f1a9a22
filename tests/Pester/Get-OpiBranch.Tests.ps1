BeforeAll {
    Import-Module "$PSScriptRoot/../../Opi.psd1"
    function New-Conversation ([int] $Turns = 2) {
        $session = New-OpiSession anthropic:claude-sonnet-4-5 -Path "$TestDrive/$([guid]::NewGuid())"
        foreach ($i in 1..$Turns) { $null = $session | Add-OpiTurn -User "question $i" -Assistant "answer $i" -InputTokens 100 -OutputTokens 10 }
        $session
    }
}

Describe 'Get-OpiBranch' {
    It 'shows a fork and its branches, and which one is in force' {
        $session = New-Conversation
        $session | Switch-OpiBranch -EntryId msg-2
        $null = $session | Add-OpiTurn -User 'another question' -Assistant 'another answer'
        $branches = Get-OpiBranch $session
        $branches.ForkPoint | Should -Be @($null, 'msg-2', 'msg-2')
        ($branches | Where-Object Active).LastText | Should -Be 'another answer'
    }
}
