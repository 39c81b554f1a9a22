# Tries a packed Opi as a user meets it: a new PowerShell that finds the module by its name. It throws when something is wrong.
param(
    # The folder that holds the folder Opi.
    [Parameter(Mandatory)] [string] $Modules
)

$ErrorActionPreference = 'Stop'
$env:PSModulePath = $Modules + [IO.Path]::PathSeparator + (Join-Path $PSHOME 'Modules')
$env:OPI_SESSIONS_DIR = Join-Path ([IO.Path]::GetTempPath()) "opi-package-$PID"
try {
    Import-Module Opi
    $base = (Get-Module Opi).ModuleBase
    if (-not $base.StartsWith((Join-Path $Modules 'Opi'))) {
        throw "Opi was imported from '$base', not from '$Modules'. Opi.Shell has imported it already: run this in pwsh."
    }

    $session = New-OpiSession -Model anthropic:claude-sonnet-4-5
    $turn = $session | Add-OpiTurn -User 'ping' -Assistant 'pong' -InputTokens 1000 -OutputTokens 100
    if ($turn.Cost -ne 0.0045) { throw "The packed module gave '$($turn.Cost)' where a turn costs 0.0045." }
    if ((Get-Help Add-OpiTurn -Examples).Examples.Example.Count -lt 2) { throw 'The packed module has no help.' }
}
finally {
    Get-OpiSession -Open -ErrorAction Ignore | Close-OpiSession
    Remove-Item $env:OPI_SESSIONS_DIR -Recurse -Force -ErrorAction Ignore
}
