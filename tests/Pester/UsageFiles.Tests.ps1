BeforeDiscovery {
    $cultures = 'en-US', 'en-GB', 'de-DE', 'fr-FR', 'fr-CH', 'tr-TR', 'th-TH', 'fa-IR', 'ar-SA', 'ja-JP'
}

BeforeAll {
    Import-Module "$PSScriptRoot/../../Opi.psd1"

    function New-Line ($Id, $Time, $Model, $Usage) {
        @{
            type = 'assistant'; sessionId = "s$($Id % 5)"; timestamp = $Time; cwd = '/src/app'; requestId = "r$Id"
            message = @{ id = "m$Id"; role = 'assistant'; model = $Model; usage = $Usage }
        } | ConvertTo-Json -Depth 9 -Compress
    }

    function Get-Sums ($Rows) {
        @($Rows | Get-OpiCost -By Month, Model -TimeZone UTC -WarningAction SilentlyContinue | ForEach-Object {
            [string]::Join(' ', @($_.Month, $_.Model, $_.InputTokens, $_.OutputTokens, $_.Responses).ForEach{ [string]::Format([cultureinfo]::InvariantCulture, '{0}', $_) }) +
                ' ' + ([decimal]($_.KnownCost)).ToString([cultureinfo]::InvariantCulture)
        }) -join "`n"
    }

    # Days up to the 12th, which another culture turns round; a model with a price, and one whose cost stands in the log only.
    $random = [random]::new(7)
    $claude = foreach ($i in 1..40) {
        $day = $random.Next(1, 13).ToString('00'); $month = $random.Next(1, 11).ToString('00')
        New-Line $i "2026-$month-${day}T0$($random.Next(10)):00:00.$($random.Next(100, 999))Z" ('claude-sonnet-4-5', 'claude-opus-4-5' | Get-Random) @{
            input_tokens = $random.Next(100000); output_tokens = $random.Next(9000); cache_read_input_tokens = $random.Next(900000)
        }
    }
    $pi = @('{"type":"session","version":3,"id":"p1","timestamp":"2026-02-01T00:00:00.000Z","cwd":"/w"}') + @(foreach ($i in 1..20) {
        $cost = [string]::Format([cultureinfo]::InvariantCulture, '{0:0.0000000}', $random.NextDouble())
        "{`"type`":`"message`",`"id`":`"a$i`",`"parentId`":null,`"timestamp`":`"2026-0$($random.Next(1, 10))-02T10:00:00.000Z`",`"message`":{`"role`":`"assistant`",`"content`":[]," +
            "`"provider`":`"lab`",`"model`":`"house-model`",`"usage`":{`"input`":$($random.Next(9000)),`"output`":100,`"cacheRead`":0,`"cacheWrite`":0,`"cost`":{`"total`":$cost}}}}"
    })
    Set-Content "$TestDrive/claude.jsonl" $claude
    Set-Content "$TestDrive/pi.jsonl" $pi
    $rows = @(Get-OpiUsage "$TestDrive/*.jsonl" -WarningAction SilentlyContinue)
    $truth = Get-Sums $rows
    $culture = [cultureinfo]::CurrentCulture
}

Describe 'Rows of usage in a file of <_>' -ForEach $cultures {
    AfterEach { [cultureinfo]::CurrentCulture = $culture }

    It 'have the same sums wherever it is read' {
        $rows | Should -HaveCount 60
        $truth | Should -Match '^2026-01 '
        [cultureinfo]::CurrentCulture = $_
        $rows | Export-Csv "$TestDrive/$_.csv"
        $rows | Export-Csv "$TestDrive/$_-own.csv" -UseCulture
        $rows | Export-Clixml "$TestDrive/$_.xml"
        $rows | ConvertTo-Json | Set-Content "$TestDrive/$_.json"
        Get-Sums (Import-Csv "$TestDrive/$_-own.csv" -UseCulture) | Should -Be $truth
        foreach ($reader in 'en-US', 'en-GB', 'de-DE', 'fr-FR', 'fr-CH', 'tr-TR', 'th-TH', 'fa-IR', 'ar-SA', 'ja-JP') {
            [cultureinfo]::CurrentCulture = $reader
            Get-Sums (Import-Csv "$TestDrive/$_.csv") | Should -Be $truth -Because "of $reader, CSV"
            Get-Sums (Import-Clixml "$TestDrive/$_.xml") | Should -Be $truth -Because "of $reader, CLIXML"
            Get-Sums (Get-Content "$TestDrive/$_.json" -Raw | ConvertFrom-Json) | Should -Be $truth -Because "of $reader, JSON"
        }
    }

    It 'without the columns Time and Bill are right, or one error' {
        [cultureinfo]::CurrentCulture = $_
        $rows | Select-Object * -ExcludeProperty Time, Bill | Export-Csv "$TestDrive/old.csv"
        $sums = Import-Csv "$TestDrive/old.csv" | Get-OpiCost -By Month -ErrorAction SilentlyContinue -ErrorVariable failed -WarningAction SilentlyContinue

        $sums | Should -BeNullOrEmpty
        $failed | Should -HaveCount 1
        $failed[0].FullyQualifiedErrorId | Should -BeLike 'UsageNotReadable,*'
        $failed[0].Exception.Message | Should -BeLike '60 of 60 rows*'
    }
}

Describe 'Objects as text' {
    BeforeAll {
        $folder = "$TestDrive/$(New-Guid)"
        $env:OPI_LEDGER_DIR = "$folder/ledger"
        $session = New-OpiSession anthropic:claude-sonnet-4-5 -Path $folder
        $call = New-OpiMessage Assistant hi -ToolCall @{ Id = 'c'; Name = 't'; Arguments = @{ x = 1 } }
        $turn = $session | Add-OpiTurn -User hello -Assistant world -InputTokens 5 -OutputTokens 6
        $null = $session | Add-OpiTurn -Message (New-OpiMessage User hi), $call, (New-OpiMessage ToolResult -ToolCallId c -ToolName t -Text ok)
        $null = 1..3 | ForEach-Object { $session | Add-OpiTurn -User "q$_" -Assistant "a$_" -InputTokens 5 -OutputTokens 6 }
        Set-OpiSession $session -AddLabel a, b
        $compaction = $session | Invoke-OpiCompaction
        $all = @(
            $turn; $compaction; $session; Get-OpiSession -Folder $folder; Get-OpiEntry $session; Get-OpiContext $session; Measure-OpiContext $session
            Get-OpiBranch $session; $call; Get-OpiPricing anthropic:claude-sonnet-4-5; Update-OpiLedger -Source Opi -LogPath $folder
            Get-OpiUsage $folder -WarningAction SilentlyContinue; Get-OpiCost $session; Get-OpiCost $session -By Response; Get-OpiCost $session -By Turn
        )
    }

    AfterAll {
        Get-OpiSession -Open | Close-OpiSession
        Remove-Item Env:OPI_LEDGER_DIR
    }

    It 'have no name of a type in CSV' {
        foreach ($object in $all) {
            ($object | ConvertTo-Csv)[1] | Should -Not -Match 'System\.|(?<![/\\\w])Opi\.|<>|`\d|\w+ \{ \w+ = ' -Because $object.GetType().Name
        }
    }

    It 'have lists as text in CSV' {
        ($turn | ConvertTo-Csv | ConvertFrom-Csv).EntryIds | Should -Be ($turn.EntryIds -join '; ')
        (Get-OpiSession -Folder $folder | ConvertTo-Csv | ConvertFrom-Csv).Labels | Should -Be 'a; b'
        ($call | ConvertTo-Csv | ConvertFrom-Csv).Content | Should -Be 'hi; [t {"x":1}]'
    }

    It 'have names of enums in JSON' {
        ($turn | ConvertTo-Json | ConvertFrom-Json).EntryIds | Should -Be $turn.EntryIds
        (Get-OpiEntry $session -First 1 | ConvertTo-Json -Depth 4 | ConvertFrom-Json).Type | Should -Be Message
        ($call | ConvertTo-Json | ConvertFrom-Json).StopReason | Should -Be ToolUse
        ($session | ConvertTo-Json -WarningAction SilentlyContinue | ConvertFrom-Json).State | Should -Be Open
        (Get-OpiUsage $folder -WarningAction SilentlyContinue | Select-Object -First 1 | ConvertTo-Json | ConvertFrom-Json).Source | Should -Be Opi
        (Get-OpiCost $session -By Response | Select-Object -First 1 | ConvertTo-Json | ConvertFrom-Json).CostSource | Should -Be List
    }
}
