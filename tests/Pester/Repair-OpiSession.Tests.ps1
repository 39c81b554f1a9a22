BeforeAll { . "$PSScriptRoot/Common.ps1" }

Describe 'Repair-OpiSession' {
    It 'saves what can be saved into a new file and leaves the old one alone' {
        $session = New-Conversation
        Close-OpiSession $session
        $lines = Get-Content $session.Path
        $lines[2] = $lines[2].Substring(0, 40)
        Set-Content $session.Path $lines
        $before = Get-FileHash $session.Path
        $result = Repair-OpiSession $session
        (Get-FileHash $session.Path).Hash | Should -Be $before.Hash
        $result.EntriesKept, $result.EntriesRelinked | Should -Be 3, 1
        (Get-OpiContext $result.Path).Text | Should -Be 'question 1', 'question 2', 'answer 2'
        { Repair-OpiSession $session -ErrorAction Stop } | Should -Throw -PassThru |
            ForEach-Object { $_.ErrorDetails.RecommendedAction } | Should -BeLike '*-Force*'
    }
}
