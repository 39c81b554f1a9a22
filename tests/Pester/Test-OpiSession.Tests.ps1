BeforeAll { . "$PSScriptRoot/Common.ps1" }
AfterAll { Get-OpiSession -Open | Close-OpiSession } # Windows deletes no file that is open

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
