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

Describe 'Get-OpiUsage -Wait' {
    BeforeAll {
        $root = "$PSScriptRoot/../.."

        function New-Line ($Id, $Tokens) {
            @{
                type = 'assistant'; sessionId = 's1'; isSidechain = $false; timestamp = [datetime]::UtcNow.ToString('o'); cwd = '/src/app'; requestId = "r$Id"
                message = @{ id = "msg_$Id"; role = 'assistant'; model = 'claude-sonnet-4-5'; usage = @{ input_tokens = $Tokens; output_tokens = 0 } }
            } | ConvertTo-Json -Depth 5 -Compress
        }

        # A pipeline that runs beside the test; its output can be read while it runs.
        function Start-Pipeline ($Script) {
            $shell = [powershell]::Create()
            $null = $shell.AddScript("Import-Module '$((Resolve-Path "$root/Opi.psd1").Path)'; $Script")
            $output = [Management.Automation.PSDataCollection[psobject]]::new()
            $shell | Add-Member Rows $output
            $shell | Add-Member Running ($shell.BeginInvoke([Management.Automation.PSDataCollection[psobject]]::new(), $output)) -PassThru
        }

        function Wait-Row ($Pipeline, $Count) {
            foreach ($try in 1..600) {
                if ($Pipeline.Rows.Count -ge $Count) { return }
                Start-Sleep -Milliseconds 50
            }
            throw "There are $($Pipeline.Rows.Count) rows, not $Count."
        }
    }

    It 'gives rows as they are written, of new files too, and is stopped at once' {
        $logs = New-Item -ItemType Directory "$TestDrive/live"
        New-Line 1 100 | Set-Content "$logs/a.jsonl"
        $pipeline = Start-Pipeline "Get-OpiUsage '$logs' -Wait"
        Wait-Row $pipeline 1
        New-Line 2 200 | Add-Content "$logs/a.jsonl"
        Wait-Row $pipeline 2
        New-Line 3 300 | Set-Content "$logs/b.jsonl"
        Wait-Row $pipeline 3

        $pipeline.Stop()

        $pipeline.Rows.ReadAll().InputTokens | Should -Be 100, 200, 300
        $pipeline.Streams.Error | Should -BeNullOrEmpty
    }

    It 'ends with Select-Object, and at the time of -Until' {
        New-Line 1 100 | Set-Content "$TestDrive/c.jsonl"

        (Get-OpiUsage "$TestDrive/c.jsonl" -Wait | Select-Object -First 1).InputTokens | Should -Be 100
        (Get-OpiUsage "$TestDrive/c.jsonl" -Wait -Until ([datetimeoffset]::UtcNow.AddSeconds(1))).InputTokens | Should -Be 100
    }

    It 'stops an agent that spends too much, as the help shows it' {
        $logs = (New-Item -ItemType Directory "$TestDrive/claude/projects/p").FullName
        $agentScript = "$TestDrive/agent.ps1"
        Set-Content $agentScript @'
            param($Log)
            foreach ($i in 1..600) {
                Add-Content $Log (@{
                    type = 'assistant'; sessionId = 's1'; isSidechain = $false; timestamp = [datetime]::UtcNow.ToString('o'); cwd = $PWD.Path; requestId = "r$i"
                    message = @{ id = "msg_$i"; role = 'assistant'; model = 'claude-sonnet-4-5'; usage = @{ input_tokens = 100000; output_tokens = 0 } }
                } | ConvertTo-Json -Depth 5 -Compress)
                Start-Sleep -Milliseconds 100
            }
'@
        # The example of the help, with a program that writes such a log in place of claude.
        $page = Get-Content "$root/docs/en-US/Get-OpiUsage.md" -Raw
        $page -match '(?s)### Stop an agent that spends too much\s+```powershell\n(?<code>.*?)```' | Should -BeTrue
        $program = [Environment]::ProcessPath
        $arguments = @(if ([IO.Path]::GetFileNameWithoutExtension($program) -eq 'dotnet') { [Environment]::GetCommandLineArgs()[0] }) +
            @('-NoProfile', '-File', $agentScript, "$logs/log.jsonl")
        $code = $Matches.code -replace 'Start-Process claude -ArgumentList .*?(?= -NoNewWindow)', 'Start-Process $program -ArgumentList $arguments'
        $code = $code -replace 'Start-ThreadJob \{', "Start-ThreadJob -InitializationScript { Import-Module '$((Resolve-Path "$root/Opi.psd1").Path)' } {"
        $code | Should -Match '(?s)Start-Process \$program.*-InitializationScript'
        if (-not (Get-Command Start-ThreadJob -ErrorAction Ignore)) { Set-ItResult -Skipped -Because 'Start-ThreadJob is not here' }
        $env:CLAUDE_CONFIG_DIR = "$TestDrive/claude"
        try { $said = & ([scriptblock]::Create($code)) } finally { $env:CLAUDE_CONFIG_DIR = $null }

        $said | Should -Match '^Stopped after [0-9.,]+ USD\.$'
        (Get-Content "$logs/log.jsonl").Count | Should -BeLessThan 300
    }
}
