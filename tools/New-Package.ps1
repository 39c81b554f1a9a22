# Packs the module as it is built: a folder to copy, Opi/<version>, and Opi.<version>.nupkg for a gallery. It gives the path of the nupkg.
# Compress-PSResource comes with PowerShell 7.5; for 7.4: Install-PSResource Microsoft.PowerShell.PSResourceGet.
param(
    # Where both are written. What is there under these names is replaced.
    [Parameter(Mandatory)] [string] $Destination,

    # The systems that Opi.Core is compiled ahead of time for, by the .NET SDK: bin/ahead/<system>. On others the portable library is used.
    [string[]] $System = @('linux-x64', 'linux-arm64', 'win-x64', 'osx-x64', 'osx-arm64')
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

foreach ($name in $System) {
    $compiled = Join-Path $root "artifacts/ahead/$name"
    $output = & dotnet publish (Join-Path $root 'tools/Opi.Ahead') -r $name -o $compiled --nologo -v quiet -nodeReuse:false
    if ($LASTEXITCODE -ne 0) { throw "Opi.Core cannot be compiled for ${name}: $($output -join ' ')" }
    Copy-Item (Join-Path $compiled 'Opi.Core.dll') (New-Item (Join-Path $module "bin/ahead/$name") -ItemType Directory)
}

Compress-PSResource $module $Destination
$package
