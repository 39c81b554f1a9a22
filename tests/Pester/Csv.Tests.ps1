BeforeAll {
    Import-Module "$PSScriptRoot/../../Opi.psd1"
}

Describe 'CSV files' {
    BeforeEach {
        $folder = "$TestDrive/$(New-Guid)"
        $session = New-OpiSession -Model anthropic:claude-sonnet-4-5 -Path $folder
    }

    AfterEach {
        Get-OpiSession -Open | Close-OpiSession
    }

    It 'of turns are imported row by row' {
        Set-Content "$folder/turns.csv" @'
User,Assistant,InputTokens,OutputTokens,Model,StopReason
"List, please","one
two",1200,300,,
And then?,"She said ""done""",1500,20,openai:gpt-4o,Length
,only an answer,,,,
'@

        $turns = Import-Csv "$folder/turns.csv" | Add-OpiTurn -Session $session

        $turns.Turn | Should -Be 1, 2, 2 # an answer without a prompt goes on with the turn
        $turns.InputTokens | Should -Be 1200, 1500, 0
        $turns.Cost | Should -Be 0.0081, 0.00395, $null
        (Get-OpiEntry $session).Message.Text | Should -Be 'List, please', "one`ntwo", 'And then?', 'She said "done"', 'only an answer'
        $session.Usage.UnknownUsageTurns | Should -Be 1
    }

    It 'that name their session need no other' {
        $other = New-OpiSession -Path $folder
        Set-Content "$folder/turns.csv" "SessionId,User", "$($session.Id),for one", "$($other.Id),for two", "$($session.Id),for one again"

        $null = Import-Csv "$folder/turns.csv" | Add-OpiTurn

        (Get-OpiEntry $session).Text | Should -Be 'for one', 'for one again'
        (Get-OpiEntry $other).Text | Should -Be 'for two'
    }

    It 'with a bad cell leave that row out and name the column' {
        Set-Content "$folder/turns.csv" 'User,Assistant,InputTokens', 'good,a,5', 'bad,a,-5', 'worse,a,many', 'fine,a,6'

        $turns = Import-Csv "$folder/turns.csv" | Add-OpiTurn $session -ErrorAction SilentlyContinue -ErrorVariable failed

        $turns.InputTokens | Should -Be 5, 6
        ($failed | Where-Object { $_.Exception.Message -like "*'InputTokens'*" }) | Should -HaveCount 2
        (Get-OpiEntry $session -Type Message).Text | Should -Be good, a, fine, a
    }

    It 'of costs have a column for each property and a number in each cell' {
        $null = $session | Add-OpiTurn -User q -Assistant a -InputTokens 1200 -OutputTokens 300
        $null = $session | Add-OpiTurn -User q -Assistant a -Model acme:giant-1 -InputTokens 10

        Get-OpiCost $session -By Turn -WarningAction SilentlyContinue | Export-Csv "$folder/cost.csv"

        $rows = Import-Csv "$folder/cost.csv"
        $rows[0].SessionId | Should -Be $session.Id
        $rows[0].Turn | Should -Be 1
        $rows[0].TotalTokens | Should -Be 1500
        [decimal]::Parse($rows[0].TotalCost) | Should -Be 0.0081
        $rows[0].Currency | Should -Be USD
        $rows[1].Priced | Should -Be False
        $rows[1].TotalCost | Should -Be ''
        Get-Content "$folder/cost.csv" | Should -Not -Match 'System\.|Opi\.'
    }

    It 'of costs add up to what the session cost' {
        $null = 1..20 | ForEach-Object { $session | Add-OpiTurn -User q -Assistant a -InputTokens $_ -OutputTokens ($_ * 7) }

        Get-OpiCost $session -By Turn | Export-Csv "$folder/cost.csv"

        $sum = [decimal]0
        Import-Csv "$folder/cost.csv" | ForEach-Object { $sum += [decimal]::Parse($_.TotalCost) }
        $sum | Should -Be (Get-OpiCost $session).TotalCost
    }

    It 'of turns are the same after a round trip' {
        $null = 1..3 | ForEach-Object { $session | Add-OpiTurn -User "q$_" -Assistant "a$_" -InputTokens $_ }
        $copy = New-OpiSession -Model anthropic:claude-sonnet-4-5 -Path $folder

        $turns = Get-OpiCost $session -By Turn
        $texts = (Get-OpiEntry $session).Text
        0..2 | ForEach-Object { [pscustomobject]@{ User = $texts[2 * $_]; Assistant = $texts[2 * $_ + 1]; InputTokens = $turns[$_].InputTokens } } | Export-Csv "$folder/turns.csv"
        $null = Import-Csv "$folder/turns.csv" | Add-OpiTurn $copy

        (Get-OpiEntry $copy).Text | Should -Be $texts
        (Get-OpiCost $copy).TotalCost | Should -Be (Get-OpiCost $session).TotalCost
    }
}
