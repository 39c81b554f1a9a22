BeforeAll {
    Import-Module "$PSScriptRoot/../../Opi.psd1"
    function New-Conversation ([int] $Turns = 2) {
        $session = New-OpiSession anthropic:claude-sonnet-4-5 -Path "$TestDrive/$([guid]::NewGuid())"
        foreach ($i in 1..$Turns) { $null = $session | Add-OpiTurn -User "question $i" -Assistant "answer $i" -InputTokens 100 -OutputTokens 10 }
        $session
    }
}

Describe 'Test-OpiSession' {
    It 'finds nothing in a whole session' {
        $session = New-Conversation
        Test-OpiSession $session | Should -BeNullOrEmpty
        Test-OpiSession $session -Quiet | Should -BeTrue
    }

    It 'finds the line that was damaged' {
        $session = New-Conversation
        Close-OpiSession $session
        $lines = Get-Content $session.Path
        $lines[2] = $lines[2].Substring(0, 40)
        Set-Content $session.Path $lines
        $finding = Test-OpiSession $session | Where-Object Code -eq CorruptLine
        $finding.Line | Should -Be 3
        $finding.Severity | Should -Be Error
        Test-OpiSession $session -Quiet | Should -BeFalse
    }
}
