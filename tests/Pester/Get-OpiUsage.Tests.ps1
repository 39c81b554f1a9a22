BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    $logs = "$PSScriptRoot/../data/agent-logs"

    function Write-Log ([string] $Path, [int] $Count) {
        $null = New-Item (Split-Path $Path) -ItemType Directory -Force
        1..$Count | ForEach-Object {
            '{"sessionId":"s","cwd":"/repo","type":"assistant","timestamp":"2026-10-0' + (1 + $_ % 3) + 'T12:00:00Z","message":{"id":"msg_' + $_ +
            '","role":"assistant","model":"claude-sonnet-4-5","usage":{"input_tokens":1000,"output_tokens":' + $_ + '}}}'
        } | Set-Content -LiteralPath $Path
    }
}

Describe 'Get-OpiUsage' {
    It 'gives rows that Export-Csv writes and Import-Csv reads' {
        Write-Log "$TestDrive/csv/log.jsonl" 3

        Get-OpiUsage -Path "$TestDrive/csv" | Export-Csv "$TestDrive/usage.csv"

        $rows = Import-Csv "$TestDrive/usage.csv"
        $rows.Count | Should -Be 3
        $rows[0].Source | Should -Be ClaudeCode
        [decimal] $rows[0].Cost | Should -Be 0.003045
        $rows[0].CacheWrite1hTokens | Should -BeNullOrEmpty
    }

    It 'gives rows that Group-Object and Measure-Object understand' {
        Write-Log "$TestDrive/group/log.jsonl" 6

        $days = Get-OpiUsage -Path "$TestDrive/group" | Group-Object { $_.Timestamp.UtcDateTime.ToString('yyyy-MM-dd') }

        $days.Name | Should -Be '2026-10-01', '2026-10-02', '2026-10-03'
        ($days[0].Group | Measure-Object OutputTokens -Sum).Sum | Should -Be 9
    }

    It 'stops when no more rows are wanted' {
        Write-Log "$TestDrive/first/log.jsonl" 50

        (Get-OpiUsage -Path "$TestDrive/first" | Select-Object -First 2).Count | Should -Be 2
    }

    It 'takes files from the pipeline, and wildcards' {
        Write-Log "$TestDrive/pipe/a[1].jsonl" 2
        Write-Log "$TestDrive/pipe/b.jsonl" 3

        @(Get-ChildItem "$TestDrive/pipe" | Get-OpiUsage).Count | Should -Be 3 # the ids are the same
        @(Get-OpiUsage "$TestDrive/pipe/b*").Count | Should -Be 3
        @(Get-OpiUsage -LiteralPath "$TestDrive/pipe/a[1].jsonl").Count | Should -Be 2
    }

    It 'reads each recorded log with the tokens that were tallied apart' {
        $expected = Get-Content "$logs/expected.json" -Raw | ConvertFrom-Json -AsHashtable
        foreach ($file in $expected.Keys) {
            $tokens = (Get-OpiUsage -LiteralPath "$logs/$file" -WarningAction SilentlyContinue | Measure-Object TotalTokens -Sum).Sum ?? 0
            $tally = $expected[$file]
            $tokens | Should -Be ($tally.input + $tally.output + $tally.cacheRead + $tally.cacheWrite) -Because $file
        }
    }

    It 'finds every agent that there is' {
        $before = @{}
        $homes = @{ CLAUDE_CONFIG_DIR = 'claude'; CODEX_HOME = 'codex'; PI_CODING_AGENT_DIR = 'pi'; GEMINI_DATA_DIR = 'gemini'; OPENCODE_DATA_DIR = 'opencode'; OPI_SESSIONS_DIR = 'opi' }
        foreach ($name in $homes.Keys) {
            $before[$name] = [Environment]::GetEnvironmentVariable($name)
            [Environment]::SetEnvironmentVariable($name, "$TestDrive/all/$($homes[$name])")
        }

        try {
            foreach ($copy in @(
                    @('claude/share-main.jsonl', 'claude/projects/p'), @('codex/localpush-tiny.jsonl', 'codex/sessions/2026/02/23'),
                    @('pi/specstory-compaction.jsonl', 'pi/sessions/--p--'), @('gemini/entire-a.json', 'gemini/tmp/h/chats'))) {
                $null = New-Item "$TestDrive/all/$($copy[1])" -ItemType Directory -Force
                Copy-Item "$logs/$($copy[0])" "$TestDrive/all/$($copy[1])"
            }

            $null = New-Item "$TestDrive/all/opencode/storage/message/ses_1" -ItemType Directory -Force
            Copy-Item "$logs/opencode/agentsessions-large-msg0002.json" "$TestDrive/all/opencode/storage/message/ses_1/msg_0002.json"
            $session = New-OpiSession anthropic:claude-sonnet-4-5 -Path "$TestDrive/all/opi"
            $null = $session | Add-OpiTurn -User q -Assistant a -InputTokens 10
            $session | Close-OpiSession

            $sources = Get-OpiUsage -Source All -WarningAction SilentlyContinue | Where-Object Path -Like "$TestDrive*" | Group-Object Source -NoElement

            ($sources.Name | Sort-Object) | Should -Be 'ClaudeCode', 'Codex', 'Gemini', 'OpenCode', 'Opi', 'Pi'
        }
        finally {
            foreach ($name in $before.Keys) { [Environment]::SetEnvironmentVariable($name, $before[$name]) }
        }
    }
}
