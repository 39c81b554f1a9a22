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

Describe 'Where the size of files is limited (ulimit -f)' -Skip:(-not (Get-Command prlimit -ErrorAction Ignore)) {
    It 'a turn, a copy, a repair and an export that would be larger are one error each, and the process goes on' {
        $session = New-OpiSession -Path "$TestDrive/limit" -Model anthropic:claude-sonnet-4-5
        1..3 | ForEach-Object { $null = $session | Add-OpiTurn -User ('x' * 1mb) }
        $session | Close-OpiSession
        Set-Content "$TestDrive/limited.ps1" @'
            param($Module, $Session, $Folder)
            $ErrorActionPreference = 'Stop'
            $WarningPreference = 'SilentlyContinue'
            Import-Module $Module
            prlimit --pid $PID --fsize=1000000
            $tries = [ordered] @{
                Turn   = { Resume-OpiSession $Session | Add-OpiTurn -User more }
                Copy   = { Copy-OpiSession $Session }
                Repair = { Repair-OpiSession $Session -Destination $Folder/repaired.jsonl }
                Export = { Export-OpiSession $Session $Folder/page.html }
            }
            foreach ($name in $tries.Keys) {
                try { $null = & $tries[$name]; "$name worked" }
                catch { "$name $($_.FullyQualifiedErrorId.Split(',')[0]) $_" }
            }
            Get-ChildItem $Folder -Recurse -File | ForEach-Object Name
'@

        $said = & "$PSScriptRoot/../../tools/Invoke-NewPowerShell.ps1" -NoProfile -File "$TestDrive/limited.ps1" "$PSScriptRoot/../../Opi.psd1" $session.Path "$TestDrive/limit"

        $said[0..3] | Should -HaveCount 4
        $said[0..3] | ForEach-Object { $_ | Should -BeLike '*the file would be larger than *(ulimit -f) allows*' -Because ($said -join "`n") }
        $said[0..3].ForEach({ ($_ -split ' ')[1] }) | Should -Be 'SessionWriteFailed', 'SessionWriteFailed', 'SessionWriteFailed', 'ExportFailed'
        $said[4..9] | Should -Not -Match 'repaired|page|tmp' -Because 'nothing half is left'
        Get-ChildItem "$TestDrive/limit/*.jsonl" | Should -HaveCount 1
    }
}
