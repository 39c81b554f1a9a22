BeforeAll {
    $manifest = "$PSScriptRoot/../../Opi.psd1"
    Import-Module $manifest
}

Describe 'The module' {
    It 'has a manifest that PowerShell finds right' {
        $tested = Test-ModuleManifest $manifest -WarningVariable warnings

        $warnings | Should -BeNullOrEmpty
        $tested.Version | Should -Be (Get-Module Opi).Version
    }

    It 'exports cmdlets and nothing else' {
        $module = Get-Module Opi

        $module.ExportedCmdlets.Count | Should -BeGreaterOrEqual 11
        $module.ExportedFunctions.Count + $module.ExportedAliases.Count + $module.ExportedVariables.Count | Should -Be 0
    }

    It 'has the test file of each cmdlet here' {
        (Get-Command -Module Opi).Name | Where-Object { -not (Test-Path "$PSScriptRoot/$_.Tests.ps1") } | Should -BeNullOrEmpty
    }

    It 'imports in a fresh process without any output' {
        $output = & "$PSScriptRoot/../../tools/Invoke-NewPowerShell.ps1" -NoProfile -NonInteractive -Command "Import-Module '$manifest'" *>&1

        $output | Should -BeNullOrEmpty
    }

    It 'runs the four lines of its story in a fresh process' {
        $script = @'
            param($manifest, $folder)
            $ErrorActionPreference = 'Stop'
            $env:OPI_SESSIONS_DIR = $folder
            Import-Module $manifest
            $s = New-OpiSession -Model anthropic:claude-sonnet-4-5
            $null = $s | Add-OpiTurn -User 'List the failing tests' -Assistant 'Three fail: ...' -InputTokens 1200 -OutputTokens 300
            $null = $s | Invoke-OpiCompaction
            Get-OpiCost | Export-Csv "$folder/cost.csv"
'@
        Set-Content "$TestDrive/story.ps1" $script

        $start = "$PSScriptRoot/../../tools/Invoke-NewPowerShell.ps1"
        $output = & $start -NoProfile -NonInteractive -File "$TestDrive/story.ps1" $manifest "$TestDrive/story" *>&1

        $output | Should -BeNullOrEmpty
        [decimal]::Parse((Import-Csv "$TestDrive/story/cost.csv").TotalCost) | Should -Be 0.0081
    }

    It 'completes the ids of sessions, newest first' {
        $old = New-OpiSession -Path "$TestDrive/completion"
        $new = New-OpiSession -Path "$TestDrive/completion"
        $old, $new | Close-OpiSession
        (Get-Item $old.Path).LastWriteTime = '2026-01-01'

        (TabExpansion2 "Get-OpiEntry -Folder '$TestDrive/completion' -Session ").CompletionMatches.CompletionText | Should -Be $new.Id, $old.Id
    }

    It 'shows a cheap call as more than nothing' {
        $session = New-OpiSession -Model openai:gpt-4o-mini -Path "$TestDrive/cheap"
        $null = $session | Add-OpiTurn -User q -Assistant a -InputTokens 1000

        $session | Get-OpiCost | Out-String | Should -Match '\$0[.,]00015'

        $session | Close-OpiSession
    }
}
