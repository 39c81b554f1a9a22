BeforeAll {
    Import-Module "$PSScriptRoot/../../Opi.psd1"
}

Describe 'Update-OpiLedger' {
    BeforeEach {
        $folder = "$TestDrive/$(New-Guid)"
        $ledger = "$folder/ledger"
        $session = New-OpiSession -Model anthropic:claude-sonnet-4-5 -Path $folder
        $null = 1..3 | ForEach-Object { $session | Add-OpiTurn -User q -Assistant a -InputTokens 1000 }
        $session | Close-OpiSession
    }

    It 'adds what is new, and a second time nothing' {
        (Update-OpiLedger $ledger -Source Opi -LogPath $folder).Added | Should -Be 3
        (Update-OpiLedger $ledger -Source Opi -LogPath $folder).Added | Should -Be 0
    }

    It 'keeps what the logs lose' {
        $null = Update-OpiLedger $ledger -Source Opi -LogPath $folder
        Remove-Item $session.Path

        (Get-OpiCost -Source Ledger -LogPath $ledger -By Day).TotalCost | Should -Be 0.009
    }

    It 'writes JSON lines with the columns of the schema' {
        $null = Update-OpiLedger $ledger -Source Opi -LogPath $folder

        $rows = Get-Content "$ledger/*.jsonl" | ConvertFrom-Json
        $rows.input_tokens | Should -Be 1000, 1000, 1000
        $rows.source | Should -Be Opi, Opi, Opi
        ($rows.key | Select-Object -Unique) | Should -HaveCount 3
    }

    It 'writes nothing with -WhatIf' {
        Update-OpiLedger $ledger -Source Opi -LogPath $folder -WhatIf
        Test-Path $ledger | Should -BeFalse
    }

    It 'adds each response once when several processes do it at once' {
        $script = "$TestDrive/update.ps1"
        Set-Content $script @'
            param($Manifest, $Ledger, $Folder)
            Import-Module $Manifest
            (Update-OpiLedger $Ledger -Source Opi -LogPath $Folder).Added
'@
        $added = 1..3 | ForEach-Object -Parallel {
            $root = "$using:PSScriptRoot/../.."
            & "$root/tools/Invoke-NewPowerShell.ps1" -NoProfile -File $using:script "$root/Opi.psd1" $using:ledger $using:folder
        }

        $added | Should -HaveCount 3
        ($added | Measure-Object -Sum).Sum | Should -Be 3
        Get-Content "$ledger/*.jsonl" | Should -HaveCount 3
    }
}
