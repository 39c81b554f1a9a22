@{
    RootModule           = 'bin/Opi.PowerShell.dll'
    NestedModules        = @('bin/Opi.Loader.dll')
    ModuleVersion        = '0.1.0'
    GUID                 = '6f0c2f0e-5a0b-4c58-9a6e-5d1f4a5be2d1'
    Author               = 'the Opi contributors'
    CompanyName          = 'the Opi contributors'
    Copyright            = '(c) 2026 the Opi contributors. MIT licence.'
    Description          = 'Keeps the sessions of LLM agents: durable append-only files, compaction of a long context, tokens and money as objects.'
    PowerShellVersion    = '7.4'
    CompatiblePSEditions = @('Core')
    FormatsToProcess     = @('bin/Opi.Format.ps1xml')
    TypesToProcess       = @('bin/Opi.Types.ps1xml')
    CmdletsToExport      = @(
        'Add-OpiTurn'
        'Assert-OpiBudget'
        'Close-OpiSession'
        'ConvertTo-OpiMessage'
        'Copy-OpiSession'
        'Export-OpiReport'
        'Export-OpiSession'
        'Get-OpiBranch'
        'Get-OpiContext'
        'Get-OpiCost'
        'Get-OpiEntry'
        'Get-OpiPricing'
        'Get-OpiSession'
        'Get-OpiToolSchema'
        'Get-OpiUsage'
        'Get-OpiWaste'
        'Import-OpiPricing'
        'Invoke-OpiCompaction'
        'Invoke-OpiTurn'
        'Measure-OpiContext'
        'New-OpiCompactionPolicy'
        'New-OpiMessage'
        'New-OpiSession'
        'Remove-OpiSession'
        'Repair-OpiSession'
        'Resume-OpiSession'
        'Search-OpiSession'
        'Set-OpiPricing'
        'Set-OpiSession'
        'Switch-OpiBranch'
        'Test-OpiSession'
        'Update-OpiLedger'
    )
    FunctionsToExport    = @()
    VariablesToExport    = @()
    AliasesToExport      = @()
    PrivateData          = @{
        PSData = @{
            Tags         = @('LLM', 'Agent', 'Session', 'Tokens', 'Cost', 'AI', 'JSONL', 'PSEdition_Core', 'Windows', 'Linux', 'MacOS')
            LicenseUri   = 'https://opensource.org/license/mit'
            ReleaseNotes = 'See CHANGELOG.md.'
        }
    }
}
