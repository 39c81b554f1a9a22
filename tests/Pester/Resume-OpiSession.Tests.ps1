BeforeAll {
    $manifest = (Resolve-Path "$PSScriptRoot/../../Opi.psd1").Path
    Import-Module $manifest
}

Describe 'Resume-OpiSession' {
    BeforeEach {
        $folder = "$TestDrive/$(New-Guid)"
        $session = New-OpiSession -Model anthropic:claude-sonnet-4-5 -Path $folder
        $null = 1..3 | ForEach-Object { $session | Add-OpiTurn -User "question $_" -Assistant "answer $_" -InputTokens 100 -OutputTokens 10 }
        $session | Close-OpiSession
    }

    AfterEach {
        Get-OpiSession -Open | Close-OpiSession
    }

    It 'opens a session by <Name>' -ForEach @(
        @{ Name = 'id'; Script = { Resume-OpiSession $session.Id -Folder $folder } }
        @{ Name = 'path'; Script = { Resume-OpiSession $session.Path } }
        @{ Name = 'file'; Script = { Get-ChildItem $folder -Filter *.jsonl | Resume-OpiSession } }
        @{ Name = 'listing'; Script = { Get-OpiSession -Folder $folder | Resume-OpiSession } }
        @{ Name = 'latest'; Script = { Resume-OpiSession -Latest -Folder $folder } }
        @{ Name = 'the closed session'; Script = { $session | Resume-OpiSession } }
    ) {
        $resumed = & $Script

        $resumed.Id | Should -Be $session.Id
        $resumed.Turns | Should -Be 3
        $resumed.Usage.InputTokens | Should -Be 300
        $resumed.Model | Should -Be anthropic:claude-sonnet-4-5
    }

    It 'goes on with the next turn' {
        ($session | Resume-OpiSession | Add-OpiTurn -User next).Turn | Should -Be 4
    }

    It 'gives the session that is open here, with a warning' {
        $first = $session | Resume-OpiSession

        $first.State | Should -Be Open
        Resume-OpiSession $session.Path -WarningVariable warning -WarningAction SilentlyContinue | Should -Be $first
        $warning | Should -BeLike '*open in this process*'
    }

    It 'tells a second writer in another process, too' {
        $first = $session | Resume-OpiSession
        Set-Content "$TestDrive/second.ps1" @'
            param($Manifest, $Path)
            Import-Module $Manifest
            Resume-OpiSession $Path -ErrorVariable failed -ErrorAction SilentlyContinue
            "$($failed[0])"
'@

        $answer = & "$PSScriptRoot/../../tools/Invoke-NewPowerShell.ps1" -NoProfile -File "$TestDrive/second.ps1" $manifest $session.Path

        $answer | Should -Match "process $PID"
        ($first | Add-OpiTurn -User 'undisturbed').Turn | Should -Be 4
    }

    It 'warns once about a torn last line and keeps it beside the file' {
        Add-Content $session.Path '{"type":"mess' -NoNewline

        $null = Resume-OpiSession $session.Path -WarningVariable warnings -WarningAction SilentlyContinue

        $warnings | Should -HaveCount 1
        $warnings[0].Message | Should -BeLike '*13 bytes*'
        Get-ChildItem $folder -Filter *.torn-* | Get-Content | Should -Be '{"type":"mess'
    }

    It 'says when the last prompt has no answer' {
        $null = $session | Resume-OpiSession | Add-OpiTurn -User 'are you there?'
        Get-OpiSession -Open | Close-OpiSession

        $null = $session | Resume-OpiSession -WarningVariable warnings -WarningAction SilentlyContinue

        $warnings | Should -BeLike '*prompt without an answer*'
    }

    It 'opens nothing with -WhatIf' {
        $before = Get-ChildItem $folder | Get-FileHash

        Resume-OpiSession $session.Path -WhatIf | Should -BeNullOrEmpty

        (Get-ChildItem $folder | Get-FileHash).Hash | Should -Be $before.Hash
    }
}
