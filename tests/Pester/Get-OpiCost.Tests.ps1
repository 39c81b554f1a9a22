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
}
