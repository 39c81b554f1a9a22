# Installs a package from its folder and uses it. Run by Test-Package.ps1 in a PowerShell that has no other modules than its own.
param(
    [Parameter(Mandatory)] [string] $Package,
    [Parameter(Mandatory)] [string] $UserHome,
    [string] $ProviderUri,
    [string] $Results
)

$ErrorActionPreference = 'Stop'
function Assert ([bool] $Condition, [string] $Message) { if (-not $Condition) { throw $Message } }

$env:OPI_SESSIONS_DIR = Join-Path $UserHome 'story'
$repository = "opi-package-$PID"
try {
    Assert (-not (Get-Module Opi -ListAvailable)) 'A module Opi is there before it is installed.'

    Register-PSResourceRepository $repository (Split-Path $Package) -Trusted
    Install-PSResource Opi -Repository $repository
    Import-Module Opi
    $module = Get-Module Opi
    $base = $module.ModuleBase
    if (-not $IsWindows) { Assert $base.StartsWith($UserHome) "Opi was imported from '$base', which is not below '$UserHome'." }
    Assert ("Opi.$($module.Version).nupkg" -eq (Split-Path $Package -Leaf)) "Installed is the version $($module.Version) of '$Package'."

    # What is compiled ahead of time for this system is what is used, where the runtime takes it.
    $core = [IO.Path]::GetRelativePath($base, [Opi.OpiSession].Assembly.Location).Replace('\', '/')
    $processor = "-$([Runtime.InteropServices.RuntimeInformation]::ProcessArchitecture)".ToLowerInvariant()
    $system = ($IsWindows ? 'win' : $IsMacOS ? 'osx' : [Runtime.InteropServices.RuntimeInformation]::RuntimeIdentifier -match 'musl' ? 'linux-musl' : 'linux') + $processor
    $ahead = "bin/ahead/$system/Opi.Core.dll"
    $expected = [Environment]::Version.Major -ge 10 -and (Test-Path (Join-Path $base $ahead)) ? $ahead : 'bin/Opi.Core.dll'
    Assert ($core -eq $expected) "Opi.Core was loaded from '$core', not from '$expected'. $([Opi.PowerShell.CompiledAhead]::Problem)"
    "Opi.Core was loaded from: $core"

    # Its database reader has the same library.
    $logs = Join-Path $PSScriptRoot '../data/agent-homes/opencode'
    Assert (@(Get-OpiUsage -Path $logs -WarningAction Ignore | Where-Object Source -EQ OpenCode).Count -gt 0) 'No response of a database of OpenCode was read.'
    Assert (@([AppDomain]::CurrentDomain.GetAssemblies() | Where-Object { $_.GetName().Name -eq 'Opi.Core' }).Count -eq 1) 'Opi.Core was loaded twice.'

    # The user story.
    $session = New-OpiSession -Model anthropic:claude-sonnet-4-5
    $turn = $session | Add-OpiTurn -User 'List the failing tests' -Assistant 'Three fail: ...' -InputTokens 1200 -OutputTokens 300
    Assert ($turn.Cost -eq 0.0081) "The turn costs '$($turn.Cost)', not 0.0081."
    $compaction = $session | Invoke-OpiCompaction
    Assert ($compaction.EntriesCompacted -eq 1) "The compaction took $($compaction.EntriesCompacted) entries, not 1."
    $csv = Join-Path $UserHome cost.csv
    Get-OpiCost | Export-Csv $csv
    $row = Import-Csv $csv
    Assert ($row.SessionId -eq $session.Id -and [decimal]::Parse($row.TotalCost, [cultureinfo]::CurrentCulture) -eq 0.0081) "cost.csv has: $row"
    $session | Close-OpiSession

    # The help and what it and README point to.
    Assert (@((Get-Help Add-OpiTurn -Examples).Examples.Example).Count -ge 2) 'Get-Help Add-OpiTurn shows no examples.'
    Assert ("$(Get-Help about_Opi)" -match 'LONG DESCRIPTION') 'Get-Help about_Opi shows nothing.'
    foreach ($page in Get-ChildItem $base -Filter *.md -Recurse) {
        foreach ($link in [regex]::Matches((Get-Content $page -Raw), '\]\((?<to>[^)#:]+)(#[^)]*)?\)')) {
            $to = Join-Path $page.DirectoryName $link.Groups['to'].Value
            Assert (Test-Path -LiteralPath $to) "$page points to '$($link.Groups['to'].Value)', which is not in the package."
        }
    }

    $quickstart = & (Join-Path $base examples/quickstart.ps1) -Path (Join-Path $UserHome quickstart) *>&1
    Assert ("$quickstart" -match 'Closed and resumed: the same') "The quickstart gave: $quickstart"
    "Installed and used: $base"

    if ($ProviderUri) { & "$PSScriptRoot/Invoke-HelpExamples.ps1" -Module $base -UserHome $UserHome -ProviderUri $ProviderUri -Results $Results }
}
finally {
    Get-OpiSession -Open -ErrorAction Ignore | Close-OpiSession
    Unregister-PSResourceRepository $repository -ErrorAction Ignore
    if ($IsWindows) { Uninstall-PSResource Opi -ErrorAction Ignore }
}
