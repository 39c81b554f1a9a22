# Tests every session of a folder and exports it as a page, several at a time. A row tells what was wrong with each and where its page is.
#
#   ./export-all.ps1 pages
#   ./export-all.ps1 pages | Where-Object Findings
param(
    # The folder for the pages; made where it is missing.
    [Parameter(Mandatory)] [string] $Destination,

    # The folder of the sessions; by default the one that Opi uses.
    [string] $Folder,

    # How many at a time.
    [int] $ThrottleLimit = [Environment]::ProcessorCount
)

$ErrorActionPreference = 'Stop'
if (-not (Get-Module Opi)) { Import-Module Opi }
$module = (Get-Module Opi).Path # each runspace imports the same one
$pages = (New-Item $Destination -ItemType Directory -Force).FullName
$where = if ($Folder) { @{ Folder = $Folder } } else { @{} }

Get-OpiSession @where | ForEach-Object -ThrottleLimit $ThrottleLimit -Parallel {
    Import-Module $using:module
    $session = $_
    $findings = @(Test-OpiSession $session.Path)
    $page = Export-OpiSession $session.Path (Join-Path $using:pages "$($session.Id).html") -PassThru -WarningAction SilentlyContinue
    [pscustomobject]@{ SessionId = $session.Id; Name = $session.Name; Findings = $findings.Count; Page = $page.FullName }
} | Sort-Object SessionId
