BeforeDiscovery {
    $cultures = 'de-DE', 'en-US', 'fr-FR'
}

BeforeAll {
    Import-Module "$PSScriptRoot/../../Opi.psd1"
}

Describe 'In the culture <_>' -ForEach $cultures {
    BeforeEach {
        $culture = [cultureinfo]::CurrentCulture
        [cultureinfo]::CurrentCulture = $_
        $folder = "$TestDrive/$(New-Guid)"
        $session = New-OpiSession -Model anthropic:claude-sonnet-4-5 -Path $folder
        $null = $session | Add-OpiTurn -User q -Assistant a -InputTokens 1234567 -OutputTokens 89 -CacheReadTokens 1000
        $null = $session | Add-OpiTurn -User q -Assistant a -InputTokens 1
    }

    AfterEach {
        Get-OpiSession -Open | Close-OpiSession
        [cultureinfo]::CurrentCulture = $culture
    }

    It 'a cost goes through Export-Csv and comes back as the same number' {
        Get-OpiCost -Folder $folder -By Turn | Export-Csv "$folder/cost.csv"

        $rows = Import-Csv "$folder/cost.csv"
        $rows | Should -HaveCount 2
        [long]$rows[0].InputTokens | Should -Be 1234567
        [decimal]::Parse($rows[0].TotalCost) | Should -Be 7.4100045
        [decimal]::Parse($rows[1].TotalCost) | Should -Be 0.000003
    }

    It 'a cost goes through Export-Csv -UseCulture, as spreadsheets there read it' {
        Get-OpiCost -Folder $folder -By Turn | Export-Csv "$folder/cost.csv" -UseCulture

        $rows = Import-Csv "$folder/cost.csv" -UseCulture
        $rows | Should -HaveCount 2
        $rows[0].PSObject.Properties.Name | Should -Be (Get-OpiCost $session -By Turn)[0].PSObject.Properties.Name
        [decimal]::Parse($rows[0].TotalCost) | Should -Be 7.4100045
        [decimal]::Parse($rows[1].TotalCost) | Should -Be 0.000003
    }

    It 'a cost goes through JSON and comes back as the same number' {
        $rows = Get-OpiCost -Folder $folder -By Turn | ConvertTo-Json | ConvertFrom-Json

        $rows.TotalCost | Should -Be 7.4100045, 0.000003
    }

    It 'the file has the numbers and times of the format' {
        $lines = Get-Content $session.Path | ConvertFrom-Json -DateKind String

        $lines[2].message.usage.input_tokens | Should -Be 1234567
        $lines[2].timestamp | Should -Match '^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$'
    }

    It 'a time is ISO' {
        (New-OpiMessage User hi -Timestamp 2026-11-24T13:45:00Z).TimestampMs | Should -Be 1795527900000
        { New-OpiMessage User hi -Timestamp 24.11.2026 } | Should -Throw "*'Timestamp'*"
    }

    It 'a resumed session has the same tokens' {
        $before = $session.Usage.TotalTokens
        $session | Close-OpiSession

        ($session | Resume-OpiSession).Usage.TotalTokens | Should -Be $before
    }

    It 'the screen shows numbers as they are written there' {
        $expected = (1234567).ToString('N0')

        $session | Get-OpiCost -By Turn | Out-String | Should -BeLike "*$expected*"
    }
}
