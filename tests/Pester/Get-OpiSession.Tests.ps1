BeforeAll {
    Import-Module "$PSScriptRoot/../../Opi.psd1"
}

Describe 'Get-OpiSession' {
    BeforeEach {
        $folder = "$TestDrive/$(New-Guid)"
        $sessions = 1..3 | ForEach-Object { New-OpiSession -Model anthropic:claude-sonnet-4-5 -Path $folder }
        $sessions | Close-OpiSession
        (Get-Item $sessions[0].Path).LastWriteTime = '2026-01-02'
        (Get-Item $sessions[1].Path).LastWriteTime = '2026-01-03'
        (Get-Item $sessions[2].Path).LastWriteTime = '2026-01-01'
    }

    AfterEach {
        Get-OpiSession -Open | Close-OpiSession
    }

    It 'lists the last written first' {
        (Get-OpiSession -Folder $folder).Id | Should -Be $sessions[1].Id, $sessions[0].Id, $sessions[2].Id
    }

    It 'gives with -Latest the one whose last turn is the newest, and skips one that was never used' {
        Get-OpiSession -Latest -Folder $folder | Should -BeNullOrEmpty

        $null = $sessions[0].Path | Add-OpiTurn -User first -Assistant x
        Start-Sleep -Milliseconds 1100 # the times of turns are whole seconds
        $null = $sessions[2].Path | Add-OpiTurn -User later -Assistant x
        (Get-Item $sessions[2].Path).LastWriteTime = '2026-01-01'

        (Get-OpiSession -Latest -Folder $folder).Id | Should -Be $sessions[2].Id
        (Get-OpiSession -Latest 5 -Folder $folder).FirstPrompt | Should -Be later, first
    }

    It 'finds by wildcard' {
        (Get-OpiSession "*$($sessions[2].Id[-4..-1] -join '')" -Folder $folder).Id | Should -Be $sessions[2].Id
    }

    It 'gives objects that sort and group' {
        (Get-OpiSession -Folder $folder | Sort-Object LastWriteTime | Select-Object -First 1).Id | Should -Be $sessions[2].Id
        (Get-OpiSession -Folder $folder | Group-Object Model, WorkingDirectory).Group | Should -HaveCount 3
    }

    It 'gives the open session object with -Open until it is closed' {
        $open = Resume-OpiSession $sessions[0].Path

        Get-OpiSession -Open | Where-Object Id -EQ $open.Id | Should -Be $open
        $open | Close-OpiSession
        Get-OpiSession -Open | Where-Object Id -EQ $open.Id | Should -BeNullOrEmpty
    }

    It 'goes on after an unknown id' {
        $found = 'no-such', $sessions[0].Id | Get-OpiSession -Folder $folder -ErrorAction SilentlyContinue -ErrorVariable failed

        $found.Id | Should -Be $sessions[0].Id
        $failed[0].FullyQualifiedErrorId | Should -Be 'SessionNotFound,Opi.PowerShell.Commands.GetOpiSessionCommand'
        $failed[0].TargetObject | Should -Be no-such
    }

    It 'names a file that is not a session in a warning' {
        Set-Content "$folder/notes.jsonl" 'not a session'

        Get-OpiSession -Folder $folder -WarningVariable warnings -WarningAction SilentlyContinue | Should -HaveCount 3
        $warnings | Should -BeLike '*notes.jsonl*'
    }

    It 'survives Export-Csv and Import-Csv so that the rows can be piped on' {
        Get-OpiSession -Folder $folder | Export-Csv "$TestDrive/sessions.csv"

        $listed = (Get-OpiSession -Folder $folder).Id | Sort-Object # rows of costs are in the order of their keys
        (Import-Csv "$TestDrive/sessions.csv" | Get-OpiCost).SessionId | Sort-Object | Should -Be $listed
    }
}
