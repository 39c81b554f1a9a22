# Tries a packed Opi as a user meets it: installed from a repository, in a new PowerShell, in a home without modules. It throws when something
# is wrong. What it does there is in Use-Package.ps1.
param(
    # The file Opi.<version>.nupkg.
    [Parameter(Mandatory)] [string] $Package,

    # The address of a running tests/Opi.ProviderStub: the examples of the help are run too.
    [string] $ProviderUri,

    # The file for the results of the examples: a line of JSON for each.
    [string] $Results
)

$ErrorActionPreference = 'Stop'
$package = Convert-Path $Package

# On Windows the home is the user's own: it cannot be set by the environment.
if ($IsWindows -and (Get-Module Opi -ListAvailable)) {
    throw 'An Opi is installed for this user already. Uninstall-PSResource Opi, then run this again.'
}

$userHome = Join-Path ([IO.Path]::GetTempPath()) "opi-package-$([guid]::NewGuid())"
$before = @{}
foreach ($name in @([Environment]::GetEnvironmentVariables().Keys) -match '^(HOME|PSModulePath|XDG_.*|OPI_.*|CLAUDE_CONFIG_DIR|CODEX_HOME)$') {
    $before[$name] = [Environment]::GetEnvironmentVariable($name)
}

try {
    # The folders in which .NET looks for the data of applications, on Linux and on macOS. Where there is none, PSResourceGet uses one for all users.
    foreach ($folder in '.local/share', 'Library/Application Support') { $null = New-Item (Join-Path $userHome $folder) -ItemType Directory }
    foreach ($name in $before.Keys) { [Environment]::SetEnvironmentVariable($name, $null) }
    $env:HOME = $userHome
    $given = @('-Package', $package, '-UserHome', $userHome)
    if ($ProviderUri) { $given += '-ProviderUri', $ProviderUri }
    if ($Results) { $given += '-Results', $Results }
    & "$PSScriptRoot/../../tools/Invoke-NewPowerShell.ps1" -NoProfile -NonInteractive -File "$PSScriptRoot/Use-Package.ps1" @given
}
finally {
    $env:HOME = $null
    foreach ($name in $before.Keys) { [Environment]::SetEnvironmentVariable($name, $before[$name]) }
    Remove-Item $userHome -Recurse -Force -ErrorAction Ignore
}
