#requires -Version 7.4
<#
.SYNOPSIS
    Builds, tests and packs Opi. Needs pwsh and the .NET SDK; Pester only for the tests.
.EXAMPLE
    ./build.ps1                      # Build
    ./build.ps1 -Task Test           # dotnet test, then the Pester suites where Pester is
    ./build.ps1 -Task Pack           # out/Opi/<version>/, imported once in a fresh pwsh
    ./build.ps1 -Task Bench open     # a benchmark; without a name it lists them
#>
[CmdletBinding()]
param(
    [ValidateSet('Build', 'Test', 'Pester', 'Pack', 'Bench')]
    [string[]] $Task = 'Build',

    [ValidateSet('Debug', 'Release')]
    [string] $Configuration = 'Release',

    # Where to write the number of passed and of failed Pester tests.
    [string] $PesterCounts,

    # For Bench: the benchmark and its parameters.
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

function Invoke-Test {
    Invoke-DotNet test (Join-Path $root 'opi.sln') -c $Configuration --nologo
    if (Get-Module -ListAvailable Pester | Where-Object Version -ge '5.0') { Invoke-PesterSuite } else { 'Pester suites skipped: this pwsh has no Pester 5.' }
}

# In a process of its own: an imported dll cannot be unloaded, nor built again where the system locks it.
function Invoke-PesterSuite {
    $counts = if ($PesterCounts) { $PesterCounts } else { [IO.Path]::GetTempFileName() }
    & ([Environment]::ProcessPath) -NoProfile -Command {
        param($Path, $Counts)
        Import-Module Pester -MinimumVersion 5.0
        $configuration = New-PesterConfiguration
        $configuration.Run.Path = $Path
        $configuration.Run.PassThru = $true
        $result = Invoke-Pester -Configuration $configuration
        "$($result.PassedCount) $($result.FailedCount + $result.FailedBlocksCount + $result.FailedContainersCount)" | Set-Content $Counts
    } -args (Join-Path $root 'tests/Pester'), $counts
    $failed = [int] (-split (Get-Content $counts))[1]
    if ($failed) { throw "$failed Pester tests failed." }
}

function Invoke-Pack {
    $Configuration = 'Release'
    Remove-Item (Join-Path $root 'bin'), (Join-Path $root 'en-US') -Recurse -Force -ErrorAction Ignore
    Invoke-DotNet build (Join-Path $root 'src/Opi.PowerShell') -c $Configuration --nologo -v quiet --no-incremental
    $version = (Import-PowerShellDataFile (Join-Path $root 'Opi.psd1')).ModuleVersion
    $target = Join-Path $root "out/Opi/$version"
    Remove-Item $target -Recurse -Force -ErrorAction Ignore
    $null = New-Item $target -ItemType Directory
    foreach ($item in 'bin', 'en-US', 'Opi.psd1', 'README.md', 'CHANGELOG.md', 'LICENSE') {
        Copy-Item (Join-Path $root $item) $target -Recurse
    }

    # What was packed, as a user meets it: a fresh process that finds the module by its name.
    $env:OPI_SESSIONS_DIR = Join-Path ([IO.Path]::GetTempPath()) "opi-pack-$PID"
    $turn = & ([Environment]::ProcessPath) -NoProfile -Command {
        param($Modules)
        $env:PSModulePath = $Modules + [IO.Path]::PathSeparator + (Join-Path $PSHOME 'Modules')
        $ErrorActionPreference = 'Stop'
        Import-Module Opi
        $session = New-OpiSession -Model anthropic:claude-sonnet-4-5
        $turn = $session | Add-OpiTurn -User 'ping' -Assistant 'pong' -InputTokens 1000 -OutputTokens 100
        if ((Get-Help Add-OpiTurn -Examples).Examples.Example.Count -lt 2) { throw 'The packed module has no help.' }
        $turn.Cost
    } -args (Join-Path $root 'out')
    Remove-Item $env:OPI_SESSIONS_DIR -Recurse -Force -ErrorAction Ignore
    if ($turn -ne 0.0045) { throw "The packed module gave '$turn' where a turn costs 0.0045." }
    "Packed and imported: $target"
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
