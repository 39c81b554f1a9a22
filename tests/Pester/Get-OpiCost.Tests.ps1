BeforeAll {
    Import-Module "$PSScriptRoot/../../Opi.psd1"
}

Describe 'Get-OpiCost' {
    BeforeAll {
        $folder = "$TestDrive/sessions"
        $one = New-OpiSession -Model anthropic:claude-sonnet-4-5 -Path $folder
        $null = $one | Add-OpiTurn -User q -Assistant a -InputTokens 1200 -OutputTokens 300
        $null = $one | Add-OpiTurn -User q -Assistant a -Model openai:gpt-4o -InputTokens 1000000
        $two = New-OpiSession -Model anthropic:claude-sonnet-4-5 -Path $folder
        $null = $two | Add-OpiTurn -User q -Assistant a -InputTokens 1000
    }

    AfterAll {
        Get-OpiSession -Open | Close-OpiSession
    }

    It 'gives a row for each session' {
        $rows = Get-OpiCost -Folder $folder

        ($rows | Where-Object SessionId -EQ $one.Id).TotalCost | Should -Be 2.5081
        ($rows | Where-Object SessionId -EQ $two.Id).TotalCost | Should -Be 0.003
    }

    It 'gives a row for each turn' {
        (Get-OpiCost $one -By Turn).TotalCost | Should -Be 0.0081, 2.5
    }

    It 'gives a row for each model' {
        $rows = Get-OpiCost -Folder $folder -By Model | Sort-Object TotalCost

        $rows.Model | Should -Be anthropic:claude-sonnet-4-5, openai:gpt-4o
        $rows.TotalCost | Should -Be 0.0111, 2.5
        $rows.Turns | Should -Be 2, 1
    }

    It 'gives numbers that add up exactly' {
        $sum = [decimal]0
        Get-OpiCost -Folder $folder | ForEach-Object { $sum += $_.TotalCost }

        $sum | Should -Be 2.5111
        $sum | Should -BeOfType decimal
    }

    It 'gives rows to group and to sort' {
        Get-OpiCost -Folder $folder -By Turn | Group-Object SessionId | ForEach-Object Count | Sort-Object | Should -Be 1, 2
        (Get-OpiCost -Folder $folder | Sort-Object TotalCost -Descending | Select-Object -First 1).SessionId | Should -Be $one.Id
    }

    It 'does not take a model without price for free' {
        $session = New-OpiSession -Model acme:giant-1 -Path "$TestDrive/unpriced"
        $null = 1..3 | ForEach-Object { $session | Add-OpiTurn -User q -Assistant a -InputTokens 10 }

        $cost = Get-OpiCost $session -WarningVariable warnings -WarningAction SilentlyContinue

        $cost.Priced | Should -BeFalse
        $cost.TotalCost | Should -BeNullOrEmpty
        $warnings | Should -HaveCount 1
        $warnings | Should -BeLike "*'acme:giant-1'*"
    }

    It 'writes a CSV file of all sources by day and model that no culture changes' {
        $null = New-Item "$TestDrive/none/projects", "$TestDrive/none/sessions" -ItemType Directory -Force
        $env:OPI_SESSIONS_DIR, $env:OPI_LEDGER_DIR, $env:CLAUDE_CONFIG_DIR, $env:CODEX_HOME, $env:PI_CODING_AGENT_DIR = $folder, "$TestDrive/none", "$TestDrive/none", "$TestDrive/none", "$TestDrive/none"
        $culture = [cultureinfo]::CurrentCulture
        try {
            [cultureinfo]::CurrentCulture = 'de-DE'
            Get-OpiCost -Source Opi, ClaudeCode, Codex, Pi, Ledger -By Day, Model | Export-Csv "$TestDrive/cost.csv"
            Get-OpiCost -Source All -By Day, Model -Total | Export-Csv "$TestDrive/all.csv"
        } finally {
            [cultureinfo]::CurrentCulture = $culture
            Remove-Item Env:OPI_SESSIONS_DIR, Env:OPI_LEDGER_DIR, Env:CLAUDE_CONFIG_DIR, Env:CODEX_HOME, Env:PI_CODING_AGENT_DIR
        }

        $rows = Import-Csv "$TestDrive/cost.csv"
        $rows.Day | Should -Be (@(Get-Date -Format yyyy-MM-dd) * 2)
        $rows.Model | Should -Be anthropic:claude-sonnet-4-5, openai:gpt-4o
        Get-Content "$TestDrive/cost.csv" | Should -Not -Match 'System\.|Opi\.'
        (Import-Csv "$TestDrive/all.csv").IsTotal[-1] | Should -Be True
    }

    It 'adds up rows that were exported to CLIXML as those at hand' {
        Get-OpiUsage $folder | Export-Clixml "$TestDrive/usage.xml"

        $own = Get-OpiUsage $folder | Get-OpiCost -By Day, Model
        $copies = Import-Clixml "$TestDrive/usage.xml" | Get-OpiCost -By Day, Model
        $copies.TotalCost | Should -Be $own.TotalCost
        $copies.Day | Should -Be $own.Day
    }

    It 'adds up rows of JSON and CSV, by turn too, as those at hand' {
        Get-OpiUsage $folder | ConvertTo-Json | Set-Content "$TestDrive/usage.json"
        Get-OpiUsage $folder | Export-Csv "$TestDrive/usage.csv"

        foreach ($by in 'Session', 'Turn', 'Model', 'Response') {
            $own = Get-OpiCost -Folder $folder -By $by | ConvertTo-Csv
            Get-Content -Raw "$TestDrive/usage.json" | ConvertFrom-Json | Get-OpiCost -By $by | ConvertTo-Csv | Should -Be $own
            Import-Csv "$TestDrive/usage.csv" | Get-OpiCost -By $by | ConvertTo-Csv | Should -Be $own
        }
    }

    It 'counts what a fork shares once, in every form' {
        $shared = "$TestDrive/forks"
        $s = New-OpiSession -Model anthropic:claude-sonnet-4-5 -Path $shared
        1..3 | ForEach-Object { $null = $s | Add-OpiTurn -User q -Assistant a -InputTokens 1000000 -OutputTokens 100000 }
        $s | Close-OpiSession
        $fork = Copy-OpiSession $s.Id -Folder $shared

        foreach ($form in @{}, @{ By = 'Model' }, @{ Total = $true }, @{ Since = '2000-01-01' }) {
            (Get-OpiCost -Folder $shared @form | Where-Object IsTotal -NE $true | Measure-Object TotalCost -Sum).Sum | Should -Be 24.75
        }
        (Get-OpiCost $fork.Id -Folder $shared).Responses | Should -Be 0
    }

    It 'gives rows that keep every property in CLIXML' {
        $rows = Get-OpiCost -Folder $folder -By Day, Model -Budget 5 -Total
        $rows | Export-Clixml "$TestDrive/cost.xml"

        $copies = Import-Clixml "$TestDrive/cost.xml"
        $copies.PSObject.Properties.Name | Should -Be $rows.PSObject.Properties.Name
        $copies | ConvertTo-Csv | Should -Be ($rows | ConvertTo-Csv)
    }

    It 'adds up rows that another process wrote, as another machine may' {
        Set-Content "$TestDrive/rows.ps1" 'param($Manifest, $Folder, $File) Import-Module $Manifest; Get-OpiUsage $Folder | Export-Clixml $File'
        $root = "$PSScriptRoot/../.."
        & "$root/tools/Invoke-NewPowerShell.ps1" -NoProfile -File "$TestDrive/rows.ps1" "$root/Opi.psd1" $folder "$TestDrive/rows.xml"
        $rows = Import-Clixml "$TestDrive/rows.xml"

        ($rows | Get-OpiCost -By Month).TotalCost | Should -Be 2.5111
    }

    It 'stops a script over budget in one line' {
        { if ((Get-OpiCost -Folder $folder -Budget 1 -Period Day -Current).OverBudget) { throw 'over' } } | Should -Throw over
        { if ((Get-OpiCost -Folder $folder -Budget 5 -Period Day -Current).OverBudget) { throw 'over' } } | Should -Not -Throw
    }
}
