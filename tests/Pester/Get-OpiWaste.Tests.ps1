BeforeAll {
    . "$PSScriptRoot/Common.ps1"

    function New-Answer ($Id, $Time, $Read, $Written, $Session = 's') {
        '{{"type":"assistant","uuid":"u{0}","sessionId":"{4}","cwd":"/w","isSidechain":false,"timestamp":"{1}","requestId":"q{0}","message":{{"id":"{0}","role":"assistant","model":"claude-sonnet-4-5","content":"x","usage":{{"input_tokens":10,"cache_read_input_tokens":{2},"cache_creation_input_tokens":{3},"output_tokens":100}}}}}}' -f $Id, $Time, $Read, $Written, $Session
    }
}

Describe 'Get-OpiWaste' {
    BeforeAll {
        $log = "$TestDrive/log.jsonl"
        New-Answer r1 2026-09-01T10:00:00Z 0 20000 | Set-Content $log
        New-Answer r2 2026-09-01T10:01:00Z 20000 1000 | Add-Content $log
        New-Answer r3 2026-09-01T10:20:00Z 0 22000 | Add-Content $log
        New-Answer r4 2026-09-02T10:21:00Z 0 23000 | Add-Content $log
    }

    It 'gives a row for each miss' {
        $rows = Get-OpiWaste -Source ClaudeCode -LogPath $log
        $rows.ResponseId | Should -Be r3, r4
        $rows.Kind | Should -Be CacheIdle, CacheIdle
        $rows.Session | Should -Be s, s
        $rows[0].Tokens | Should -Be 21000
        $rows[0].Cost | Should -Be 0.07245
        $rows[0].Detail | Should -Be 'The pause was 19 min; the cache lives for 5 min.'
    }

    It 'adds up by <By>' -ForEach @(
        @{ By = 'Kind'; Keys = @('CacheIdle'); Counts = @(2) }
        @{ By = 'Day'; Keys = '2026-09-01', '2026-09-02'; Counts = 1, 1 }
        @{ By = 'Session'; Keys = @('s'); Counts = @(2) }
        @{ By = 'Project'; Keys = @('/w'); Counts = @(2) }
    ) {
        $rows = Get-OpiWaste -Source ClaudeCode -LogPath $log -By $By -TimeZone UTC
        @($rows.$By) | Should -Be $Keys
        @($rows.Times) | Should -Be $Counts
    }

    It 'adds a total, and leaves the other rows as they are' {
        $rows = Get-OpiWaste -Source ClaudeCode -LogPath $log -By Day -TimeZone UTC -Total
        $rows.IsTotal | Should -Be $false, $false, $true
        $rows[-1].Tokens | Should -Be 43000
        $rows[-1].Cost | Should -Be ($rows[0].Cost + $rows[1].Cost)
        @(Get-OpiWaste -Source ClaudeCode -LogPath $log -Total).Count | Should -Be 3
    }

    It 'filters with <Filter>' -ForEach @(
        @{ Filter = @{ Since = '2026-09-02' }; Expected = @('r4') }
        @{ Filter = @{ Until = '2026-09-01' }; Expected = @('r3') }
        @{ Filter = @{ Kind = 'Retry' }; Expected = @() }
        @{ Filter = @{ Model = 'gpt-*' }; Expected = @() }
        @{ Filter = @{ Project = '/w' }; Expected = 'r3', 'r4' }
    ) {
        @(Get-OpiWaste -Source ClaudeCode -LogPath $log -TimeZone UTC @Filter).ResponseId | Should -Be $Expected
    }

    It 'reads sessions of Opi' {
        $session = New-Conversation
        @($session | Get-OpiWaste).Count | Should -Be 0
        $session | Close-OpiSession
    }

    It 'fits 80 columns' {
        foreach ($rows in (Get-OpiWaste -Source ClaudeCode -LogPath $log -Total), (Get-OpiWaste -Source ClaudeCode -LogPath $log -By Kind, Day -Total)) {
            $lines = ($rows | Out-String -Width 80) -split '\r?\n'
            ($lines | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual 80
            $lines -join "`n" | Should -BeLike '*43,000*'
        }
    }
}
