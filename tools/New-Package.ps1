# Packs the module as it is built: a folder to copy, Opi/<version>, and Opi.<version>.nupkg for a gallery. It gives the path of the nupkg.
# Compress-PSResource comes with PowerShell 7.5; for 7.4: Install-PSResource Microsoft.PowerShell.PSResourceGet.
param(
    # Where both are written. What is there under these names is replaced.
    [Parameter(Mandatory)] [string] $Destination
)

$ErrorActionPreference = 'Stop'
$root = Split-Path $PSScriptRoot
$version = (Import-PowerShellDataFile (Join-Path $root 'Opi.psd1')).ModuleVersion
$module = Join-Path $Destination "Opi/$version"
$package = Join-Path $Destination "Opi.$version.nupkg"
Remove-Item $module, $package -Recurse -Force -ErrorAction Ignore

$null = New-Item $module -ItemType Directory
foreach ($item in 'bin', 'en-US', 'docs', 'examples', 'Opi.psd1', 'README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'SECURITY.md', 'LICENSE') {
    Copy-Item (Join-Path $root $item) $module -Recurse
}

Compress-PSResource $module $Destination
$package
