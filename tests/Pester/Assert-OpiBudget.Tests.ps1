BeforeAll { . "$PSScriptRoot/Common.ps1" }

Describe 'Assert-OpiBudget' {
    BeforeAll {
        $session = New-OpiSession anthropic:claude-sonnet-4-5 -Path "$TestDrive/known"
        $null = $session | Add-OpiTurn -User q -Assistant a -InputTokens 1000000     # more than 200,000: $6 a million
        $unknown = New-OpiSession acme:giant-1 -Path "$TestDrive/unknown"
        $null = $unknown | Add-OpiTurn -User q -Assistant a -InputTokens 10
    }

    AfterAll {
        Get-OpiSession -Open | Close-OpiSession
    }

    It 'gives nothing within the budget' {
        Assert-OpiBudget 6 Day -Folder "$TestDrive/known" | Should -BeNullOrEmpty
    }

    It 'ends a script that is over it' {
        { Assert-OpiBudget 5.99 Day -Folder "$TestDrive/known" } | Should -Throw -ErrorId 'OverBudget,Opi.PowerShell.Commands.AssertOpiBudgetCommand'
    }

    It 'ends a script that does not know' {
        { Assert-OpiBudget 5 Day -Folder "$TestDrive/unknown" } | Should -Throw -ErrorId 'BudgetUnknown,Opi.PowerShell.Commands.AssertOpiBudgetCommand'
        { Assert-OpiBudget 5 Day -Folder "$TestDrive/unknown" -AllowUnknown -WarningAction Ignore } | Should -Not -Throw
    }

    It 'ends a process that does not stop at errors' {
        Set-Content "$TestDrive/guard.ps1" @'
param($Manifest, $Folder)
$ErrorActionPreference = 'Continue'
Import-Module $Manifest
Assert-OpiBudget 5 Day -Folder $Folder
'spent'
'@
        $root = "$PSScriptRoot/../.."
        $said = [Collections.Generic.List[object]]::new()
        $run = { & "$root/tools/Invoke-NewPowerShell.ps1" -NoProfile -File "$TestDrive/guard.ps1" "$root/Opi.psd1" "$TestDrive/known" 2>&1 }
        { & $run | ForEach-Object { $said.Add($_) } } | Should -Throw '*exit code 1*'
        "$said" | Should -Not -Match 'spent'
        "$said" | Should -Match 'is used up'
    }
}
