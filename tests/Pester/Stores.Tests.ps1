BeforeAll {
    $root = "$PSScriptRoot/../.."
    Import-Module "$root/Opi.psd1"
    $homes = "$root/tests/data/agent-homes"

    # Runs a script in a new PowerShell that has Opi, in an environment of the test's own.
    function Invoke-Fresh ([string] $Script, [hashtable] $Environment = @{}, [string] $Manifest = "$root/Opi.psd1") {
        $set = $Environment.GetEnumerator() | ForEach-Object { "`$env:$($_.Key) = '$($_.Value)'" }
        Set-Content "$TestDrive/fresh.ps1" (@('$ErrorActionPreference = ''Stop''') + $set + "Import-Module '$Manifest'" + $Script)
        & "$root/tools/Invoke-NewPowerShell.ps1" -NoProfile -NonInteractive -File "$TestDrive/fresh.ps1"
    }
}

Describe 'What reads databases and compressed logs' {
    It 'is not loaded at import, but when the first such file is met' {
        $script = @'
            function Get-Loaded { @([AppDomain]::CurrentDomain.GetAssemblies().GetName().Name -match '^(Opi.Stores|SQLitePCL|ZstdSharp)').Count }
            Get-Loaded
            $null = Get-OpiUsage -Path PLACE/qwen -WarningAction Ignore
            Get-Loaded
            $null = Get-OpiUsage -Path PLACE/kilo-cli -WarningAction Ignore
            (Get-Loaded) -gt 0
'@
        Invoke-Fresh $script.Replace('PLACE', $homes) | Should -Be 0, 0, 'True'
    }

    It 'reads <name> where the agent keeps it' -TestCases @(
        @{ name = 'OpenCode'; from = 'opencode'; variable = 'XDG_DATA_HOME'; place = '.local/share'; tokens = 96637 }
        @{ name = 'KiloCode'; from = 'kilo-cli'; variable = 'XDG_DATA_HOME'; place = '.local/share'; tokens = 57667 }
        @{ name = 'Amp'; from = 'amp-made'; variable = 'XDG_DATA_HOME'; place = '.local/share'; tokens = 455389 }
        @{ name = 'Copilot'; from = 'copilot-cli'; variable = 'COPILOT_HOME'; place = '.copilot'; tokens = 75324 }
        @{ name = 'Qwen'; from = 'qwen'; variable = 'QWEN_HOME'; place = '.qwen'; tokens = 80655 }
        @{ name = 'Kimi'; from = 'kimi-code'; variable = 'KIMI_CODE_HOME'; place = '.kimi-code'; tokens = 30115 }
        @{ name = 'Kimi'; from = 'kimi-cli-made'; variable = 'KIMI_SHARE_DIR'; place = '.kimi'; tokens = 231074 }
        @{ name = 'OpenClaw'; from = 'openclaw-old-made'; variable = 'OPENCLAW_STATE_DIR'; place = '.openclaw'; tokens = 236431 }
        @{ name = 'Cline'; from = 'cline-cli'; variable = 'CLINE_DIR'; place = '.cline'; tokens = 16270 }
        @{ name = 'Droid'; from = 'droid-made'; variable = 'FACTORY_DIR'; place = '.factory'; tokens = 900466 }
        @{ name = 'Grok'; from = 'grok-made'; variable = 'GROK_HOME'; place = '.grok'; tokens = 84797 }
        @{ name = 'Codex'; from = 'codex-zst'; variable = 'CODEX_HOME'; place = '.codex'; tokens = 45996 }
    ) {
        $script = "(Get-OpiUsage -Source $name -WarningAction Ignore | Measure-Object TotalTokens -Sum).Sum"

        Invoke-Fresh $script @{ $variable = "$homes/$from/$place" } | Should -Be $tokens
    }

    It 'is named in one warning where its native library is missing, and the rest is read' {
        # Opi.Shell has the module of the repository loaded, with all its libraries: only a plain PowerShell can show this.
        if ((& "$root/tools/Invoke-NewPowerShell.ps1" -NoProfile -NonInteractive -Command '[bool](Get-Module Opi)') -eq 'True') {
            Set-ItResult -Skipped -Because 'it needs a PowerShell that has no Opi loaded'
        }

        Copy-Item "$root/Opi.psd1", "$root/bin" "$(New-Item "$TestDrive/Opi" -ItemType Directory)" -Recurse
        Remove-Item "$TestDrive/Opi/bin/stores/runtimes" -Recurse
        $script = @'
            $rows = Get-OpiUsage -Source OpenCode, Qwen -WarningVariable warnings 3> $null
            ($rows | Measure-Object TotalTokens -Sum).Sum
            @($warnings).Count
            "$warnings" -match 'opencode\.db.+cannot be loaded'
'@
        $environment = @{ XDG_DATA_HOME = "$homes/opencode/.local/share"; QWEN_HOME = "$homes/qwen/.qwen" }

        Invoke-Fresh $script $environment "$TestDrive/Opi/Opi.psd1" | Should -Be 80655, 1, 'True'
    }

    It 'reads for nobody a file that two agents take for theirs, and names both' {
        $data = "$homes/kilo-cli/.local/share"
        $script = "Get-OpiUsage -Source OpenCode, KiloCode -Verbose 4>&1 3>&1 | ForEach-Object { `"`$_`" }"
        $said = Invoke-Fresh $script @{ XDG_DATA_HOME = $data; OPENCODE_DB = "$data/kilo/kilo.db" }

        "$said" | Should -Match 'OpenCode and KiloCode both take it for theirs'
        $said | Should -Not -Match 'mock-large'
    }
}

Describe 'Names of sources' {
    It 'are completed' {
        (TabExpansion2 'Get-OpiUsage -Source Co').CompletionMatches.CompletionText | Should -Be 'Codex', 'Copilot'
        (TabExpansion2 'Get-OpiCost -Source Kilo').CompletionMatches.CompletionText | Should -Be 'KiloCode'
    }
}
