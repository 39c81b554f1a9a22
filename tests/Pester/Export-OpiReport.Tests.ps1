BeforeAll { . "$PSScriptRoot/Common.ps1" }

Describe 'Export-OpiReport' {
    BeforeAll {
        $session = New-Conversation
        Close-OpiSession $session
        $folder = Split-Path $session.Path
        $sessionsFolder = $env:OPI_SESSIONS_DIR
        $env:OPI_SESSIONS_DIR = $folder
    }
    AfterAll { $env:OPI_SESSIONS_DIR = $sessionsFolder }

    It 'reports the sessions of the default folder' {
        Export-OpiReport "$TestDrive/report.html"
        "$TestDrive/report.html" | Should -FileContentMatch '<dt>Responses</dt><dd>2</dd>'
    }

    It 'filters by time, model and project' {
        Export-OpiReport "$TestDrive/none.html" -Until 2020-01-01 -Model *sonnet* -Project *
        "$TestDrive/none.html" | Should -FileContentMatch 'No usage'
    }

    It 'takes the rows of Import-Clixml and Import-Csv as it takes those of Get-OpiUsage' {
        Get-OpiUsage | Export-Clixml "$TestDrive/rows.xml"
        Get-OpiUsage | Export-Csv "$TestDrive/rows.csv"
        Get-OpiUsage | Export-OpiReport "$TestDrive/a.html" -TimeZone UTC
        Import-Clixml "$TestDrive/rows.xml" | Export-OpiReport "$TestDrive/b.html" -TimeZone UTC
        Import-Csv "$TestDrive/rows.csv" | Export-OpiReport "$TestDrive/c.html" -TimeZone UTC
        $pages = 'a', 'b', 'c' | ForEach-Object { (Get-Content "$TestDrive/$_.html" -Raw) -replace 'Written [^<]*' }
        $pages | Select-Object -Unique | Should -HaveCount 1
        $pages[0] | Should -BeLike '*<dt>Responses</dt><dd>2</dd>*'
    }

    It 'tells once that a cost is not known: <Form>' -ForEach @(@{ Form = 'Html' }, @{ Form = 'Prometheus' }, @{ Form = 'Otlp' }, @{ Form = 'Focus' }) {
        $log = "$TestDrive/unknown.jsonl"
        '{"type":"assistant","sessionId":"s","timestamp":"2026-02-03T10:00:00Z","cwd":"/p","requestId":"r","message":{"id":"m","role":"assistant","model":"nobody-knows-me","usage":{"input_tokens":10,"output_tokens":1}}}' | Set-Content $log
        $env:CLAUDE_CONFIG_DIR = (New-Item "$TestDrive/claude/projects/p" -ItemType Directory -Force).Parent.Parent.FullName
        Copy-Item $log "$TestDrive/claude/projects/p/a.jsonl"
        try {
            $null = Export-OpiReport -Format $Form -AsText -Source ClaudeCode -WarningVariable told -WarningAction SilentlyContinue
        } finally { Remove-Item Env:CLAUDE_CONFIG_DIR }
        $told | Should -HaveCount 1
        $told[0].Message | Should -BeLike '*nobody-knows-me*'
    }

    It 'replaces a report, unless that is forbidden' {
        'old' | Set-Content "$TestDrive/old.html"
        { Export-OpiReport "$TestDrive/old.html" -NoClobber -ErrorAction Stop } | Should -Throw -PassThru |
            ForEach-Object { $_.ErrorDetails.RecommendedAction } | Should -BeLike '*-NoClobber*'
        Export-OpiReport "$TestDrive/old.html"
        "$TestDrive/old.html" | Should -FileContentMatch '<h1>'
    }
}

Describe 'Export-OpiReport -Format' {
    BeforeAll {
        $session = New-Conversation
        Close-OpiSession $session
        $sessionsFolder = $env:OPI_SESSIONS_DIR
        $summaryFile = $env:GITHUB_STEP_SUMMARY
        $env:OPI_SESSIONS_DIR = Split-Path $session.Path
        $spent = Get-OpiCost | Measure-Object KnownCost -Sum | ForEach-Object Sum
    }
    AfterAll {
        $env:OPI_SESSIONS_DIR = $sessionsFolder
        $env:GITHUB_STEP_SUMMARY = $summaryFile
    }

    It 'adds to the summary of a step of GitHub Actions without being told where it is' {
        $env:GITHUB_STEP_SUMMARY = "$TestDrive/summary.md"
        'earlier' | Set-Content $env:GITHUB_STEP_SUMMARY
        Export-OpiReport -Format GitHubSummary
        $env:GITHUB_STEP_SUMMARY | Should -FileContentMatchMultiline '^earlier\r?\n## What the agents cost'
    }

    It 'says what is missing outside of GitHub Actions, and writes nothing' {
        $env:GITHUB_STEP_SUMMARY = $null
        { Export-OpiReport -Format GitHubSummary } | Should -Throw -ErrorId 'ReportPathMissing*'
        { Export-OpiReport } | Should -Throw -ErrorId 'ReportPathMissing*'
    }

    It 'gives the commands of Azure Pipelines and the file that they name' {
        $commands = Export-OpiReport "$TestDrive/azure.md" -Format AzureDevOps
        $commands[0] | Should -BeLike '##vso`[task.uploadsummary`]*azure.md'
        $commands | Should -Contain '##vso[task.setvariable variable=OpiResponses;isOutput=true]2'
        "$TestDrive/azure.md" | Should -FileContentMatch '\| Model \|'
    }

    It 'takes the form from the name of the file' {
        Export-OpiReport "$TestDrive/opi.prom"
        "$TestDrive/opi.prom" | Should -FileContentMatch '^opi_responses_total\{source="Opi".*\} 2$'
        Export-OpiReport "$TestDrive/report.md"
        "$TestDrive/report.md" | Should -FileContentMatch '^## What the agents cost'
    }

    It 'gives charges that add up to what Get-OpiCost says, and the account' {
        $charges = Export-OpiReport -Format Focus -AsText -BillingAccountId team-42 | ConvertFrom-Csv
        ($charges | ForEach-Object { [decimal]$_.BilledCost } | Measure-Object -Sum).Sum | Should -Be $spent
        $charges.BillingAccountId | Select-Object -Unique | Should -Be 'team-42'
    }

    It 'gives OTLP as JSON, and writes nothing with -WhatIf' {
        $request = Export-OpiReport -Format Otlp -AsText | ConvertFrom-Json
        $request.resourceMetrics.scopeMetrics.metrics.name | Should -Contain 'gen_ai.client.inference.usage.input_tokens'
        Export-OpiReport "$TestDrive/otlp.json" -Format Otlp -WhatIf
        Test-Path "$TestDrive/otlp.json" | Should -BeFalse
    }
}
