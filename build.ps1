#requires -Version 7.4
<#
.SYNOPSIS
    Builds, tests and packs Opi. Needs PowerShell and the .NET SDK; Pester comes from NuGet.
.EXAMPLE
    ./build.ps1                          # Build
    ./build.ps1 -Task Test               # dotnet test: all tests, the Pester suites in Opi.Shell
    ./build.ps1 -Task Pester             # the Pester suites in this PowerShell
    ./build.ps1 -Task Pester Csv, Stop*  # some of them
    ./build.ps1 -Task Pack               # out/Opi/<version>/ and out/Opi.<version>.nupkg, installed and used in a new PowerShell
    ./build.ps1 -Task Bench open         # a benchmark; without a name it lists them
#>
[CmdletBinding()]
param(
    [ValidateSet('Build', 'Test', 'Pester', 'Pack', 'Bench')]
    [string[]] $Task = 'Build',

    [ValidateSet('Debug', 'Release')]
    [string] $Configuration = 'Release',

    # For Bench: the benchmark and its parameters. For Pester: the suites.
    [Parameter(ValueFromRemainingArguments)]
    [string[]] $Arguments = @()
)

$ErrorActionPreference = 'Stop'
$root = $PSScriptRoot

function Invoke-DotNet {
    & dotnet @args
    if ($LASTEXITCODE -ne 0) { throw "dotnet $($args[0]) failed with exit code $LASTEXITCODE." }
}

function Invoke-Build { Invoke-DotNet build (Join-Path $root 'opi.sln') -c $Configuration --nologo -v quiet }

function Invoke-Test { Invoke-DotNet test (Join-Path $root 'opi.sln') -c $Configuration --nologo }

# In a process of its own: an imported dll cannot be unloaded, nor built again where the system locks it.
function Invoke-PesterSuite {
    $tests = Join-Path $root 'tests/Opi.PowerShell.Tests'
    Invoke-DotNet build $tests -c $Configuration --nologo -v quiet
    $pester = Join-Path (Invoke-DotNet msbuild $tests '-getProperty:PkgPester') 'tools/Pester.psd1'
    $suites = $Arguments ? $Arguments -join ',' : '*'
    & "$root/tools/Invoke-NewPowerShell.ps1" -NoProfile -File "$root/tests/Pester/Invoke-Suites.ps1" -Pester $pester -Suite $suites
}

function Invoke-Pack {
    $Configuration = 'Release'
    Remove-Item (Join-Path $root 'bin'), (Join-Path $root 'en-US') -Recurse -Force -ErrorAction Ignore
    # The package names no folder of the machine that it is made on.
    Invoke-DotNet build (Join-Path $root 'src/Opi.PowerShell') -c $Configuration --nologo -v quiet --no-incremental "-p:PathMap=$root=/opi"
    $package = & "$root/tools/New-Package.ps1" (Join-Path $root 'out')
    & "$root/tests/Package/Test-Package.ps1" $package
    "Packed: $package"
}

function Invoke-Bench { Invoke-DotNet run -c Release --project (Join-Path $root 'bench/Opi.Benchmarks') -- @Arguments }

foreach ($name in $Task) {
    switch ($name) {
        'Build' { Invoke-Build }
        'Test' { Invoke-Test }
        'Pester' { Invoke-PesterSuite }
        'Pack' { Invoke-Pack }
        'Bench' { Invoke-Bench }
    }
}
