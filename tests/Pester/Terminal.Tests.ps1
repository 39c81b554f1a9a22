BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    $rendering = $PSStyle.OutputRendering
    $PSStyle.OutputRendering = 'PlainText'
    # Escape sequences, a title, a link, a bell, a C1 control, a carriage return that overwrites the line, a backspace, a deletion.
    $hostile = "a`e[31mred`e]0;title`a`e]8;;http://evil`e\link`e]8;;`e\" + [char]0x9b + "2J" + [char]0x85 + "`rOVER`b" + [char]0x7f + "z"
    $env:OPI_SESSIONS_DIR = "$TestDrive/sessions"
    $env:OPI_LEDGER_DIR = "$TestDrive/ledger"
    $env:OPI_CONFIG_DIR = "$TestDrive/config"
    $session = New-OpiSession -Model "own:$hostile" -Name $hostile -WorkingDirectory $TestDrive
    Set-OpiSession $session -AddLabel $hostile
    $null = Set-OpiPricing -Model "own:$hostile" -InputPrice 1 -OutputPrice 2
    $call = @{ Id = 'c1'; Name = $hostile; Arguments = (ConvertTo-Json @{ text = $hostile } -Compress) }
    $turn = $session | Add-OpiTurn -WarningAction Ignore -Message @(
        New-OpiMessage User $hostile
        New-OpiMessage Assistant $hostile -ToolCall $call -Model "own:$hostile" -InputTokens 10 -OutputTokens 5
        New-OpiMessage ToolResult $hostile -ToolCallId c1 -ToolName $hostile -IsError
        New-OpiMessage Assistant $hostile -Model "own:$hostile" -InputTokens 10 -OutputTokens 5
    )
    $log = Join-Path $TestDrive 'log.jsonl'
    @{ type = 'assistant'; timestamp = '2026-03-01T10:00:00Z'; sessionId = $hostile; requestId = 'r'; cwd = $hostile
        message = @{ id = 'm'; model = $hostile; usage = @{ input_tokens = 7; output_tokens = 3 } } } | ConvertTo-Json -Compress -Depth 5 | Set-Content $log

    function Get-Control([string] $text) { [regex]::Matches($text, '[\x00-\x08\x0b-\x1f\x7f-\x9f]') | ForEach-Object { '{0:x2}' -f [int][char]$_.Value } }
}

AfterAll {
    $session | Close-OpiSession
    $PSStyle.OutputRendering = $rendering
    Remove-Item Env:OPI_SESSIONS_DIR, Env:OPI_LEDGER_DIR, Env:OPI_CONFIG_DIR
}

Describe 'What others wrote reaches a terminal with its controls as marks' {
    It 'in the view of <Name>' -ForEach @(
        @{ Name = 'Add-OpiTurn'; Script = { $turn } }
        @{ Name = 'an open session'; Script = { $session } }
        @{ Name = 'Get-OpiSession'; Script = { Get-OpiSession } }
        @{ Name = 'Get-OpiEntry'; Script = { Get-OpiEntry $session } }
        @{ Name = 'Get-OpiContext'; Script = { Get-OpiContext $session } }
        @{ Name = 'Get-OpiBranch'; Script = { Get-OpiBranch $session } }
        @{ Name = 'Measure-OpiContext'; Script = { Measure-OpiContext $session } }
        @{ Name = 'Get-OpiPricing'; Script = { Get-OpiPricing own:* } }
        @{ Name = 'Get-OpiUsage'; Script = { Get-OpiUsage -Source ClaudeCode -Path $log -WarningAction Ignore } }
        @{ Name = 'Get-OpiCost by session'; Script = { Get-OpiCost -Source ClaudeCode -LogPath $log -By Session -WarningAction Ignore } }
        @{ Name = 'Get-OpiCost by model'; Script = { Get-OpiCost -By Model -WarningAction Ignore } }
        @{ Name = 'Get-OpiCost by project'; Script = { Get-OpiCost -Source ClaudeCode -LogPath $log -By Project -WarningAction Ignore } }
        @{ Name = 'Get-OpiCost by turn'; Script = { Get-OpiCost -By Turn -WarningAction Ignore } }
        @{ Name = 'Get-OpiCost by response'; Script = { Get-OpiCost -By Response -WarningAction Ignore } }
        @{ Name = 'Invoke-OpiCompaction'; Script = { $session | Invoke-OpiCompaction -Strategy Core -WarningAction Ignore } }
    ) {
        $found = & $Script
        $found | Should -Not -BeNullOrEmpty
        foreach ($text in ($found | Out-String -Width 200), ($found | Out-String -Width 80)) {
            $text | Should -Not -BeNullOrEmpty
            @(Get-Control ($text -replace "`r`n", "`n")) | Should -BeNullOrEmpty -Because $text
        }
    }

    It 'in warnings, errors and what -WhatIf says' {
        $said = & {
            $ErrorActionPreference = 'Continue'
            Get-OpiUsage -Source ClaudeCode -Path $log
            Get-OpiCost -Source ClaudeCode -LogPath $log
            Get-OpiEntry "no-$hostile"
            Resume-OpiSession "no-$hostile"
            Get-OpiUsage -Path "no-$hostile" -Source Codex
            ConvertTo-OpiMessage "no reply $hostile"
            ConvertTo-OpiMessage (ConvertTo-Json @{ error = @{ type = $hostile; message = $hostile } })
            Get-OpiPricing "none:$hostile"
            Set-OpiSession $session -Name $hostile -WhatIf
        } *>&1 | ForEach-Object { if ($_ -is [Management.Automation.ErrorRecord]) { "$_" } elseif ($_ -is [Management.Automation.WarningRecord]) { $_.Message } }

        @($said).Count | Should -BeGreaterThan 4
        foreach ($text in $said) { @(Get-Control $text) | Should -BeNullOrEmpty -Because $text }
    }
}

Describe 'Colours of costs' {
    BeforeAll {
        $lines = foreach ($model in 'claude-3-7-sonnet', 'nobody-knows-me') {
            @{ type = 'assistant'; timestamp = '2026-03-01T10:00:00Z'; sessionId = $model; requestId = $model; cwd = '/r'
                message = @{ id = $model; model = $model; usage = @{ input_tokens = 1000000; output_tokens = 0 } } } | ConvertTo-Json -Compress -Depth 5
        }
        $costs = Join-Path $TestDrive 'costs.jsonl'
        $lines | Set-Content $costs
        $yellow, $red = [regex]::Escape($PSStyle.Formatting.Warning), [regex]::Escape($PSStyle.Formatting.Error)
        function Show([string] $Rendering, [scriptblock] $Script) {
            $before = $PSStyle.OutputRendering
            $PSStyle.OutputRendering = $Rendering
            try { & $Script | Out-String -Width 80 } finally { $PSStyle.OutputRendering = $before }
        }
    }

    It 'tell what is not known and what is over its budget' {
        $models = Show Ansi { Get-OpiCost -Source ClaudeCode -LogPath $costs -By Model -WarningAction Ignore }
        $models | Should -Match "$yellow\s*unknown"
        $models | Should -Not -Match "$yellow\s*[$]3"

        $budget = Show Ansi { Get-OpiCost -Source ClaudeCode -LogPath $costs -By Model -Budget 1 -WarningAction Ignore }
        $budget | Should -Match "$red\s*anthropic:claude-3-7-sonnet"
        $budget | Should -Match "$red\s*[$]3\.00"
        $budget | Should -Match "$red\s*-[$]2\.00"
        $budget | Should -Match "${red}True"
        $budget | Should -Not -Match "$red\s*unknown"
    }

    It 'leave the columns where they are' {
        $plain = Show PlainText { Get-OpiCost -Source ClaudeCode -LogPath $costs -By Model -Budget 1 -WarningAction Ignore }
        $coloured = Show Ansi { Get-OpiCost -Source ClaudeCode -LogPath $costs -By Model -Budget 1 -WarningAction Ignore }
        $plain | Should -Not -Match "`e"
        $coloured -replace "`e\[[0-9;]*m" | Should -Be $plain
    }

    It 'are not in what goes to another program' {
        $shown = & "$PSScriptRoot/../../tools/Invoke-NewPowerShell.ps1" -NoProfile -Command "
            Import-Module '$PSScriptRoot/../../Opi.psd1'
            `$PSStyle.Formatting.Warning, `$PSStyle.Formatting.Error = `"`e[38;5;201m`", `"`e[38;5;202m`"
            Get-OpiCost -Source ClaudeCode -LogPath '$costs' -By Model -Budget 1 -WarningAction Ignore | Format-Table"
        $shown -join "`n" | Should -Match 'unknown'
        $shown -join "`n" | Should -Not -Match '38;5;20[12]m'
    }
}
