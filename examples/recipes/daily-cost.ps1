# What a scheduled task runs each night: it keeps the usage of the agents before they delete their logs, writes a page and a CSV file, and
# fails when the day cost more than its budget, or when that is not known.
param(
    # The folder for cost.html and cost.csv; made where it is missing.
    [Parameter(Mandatory)] [string] $Destination,

    # What a day may cost, in USD; without it there is no limit.
    [decimal] $Budget
)

$ErrorActionPreference = 'Stop'
Import-Module Opi
$null = New-Item $Destination -ItemType Directory -Force

$null = Update-OpiLedger
Export-OpiReport (Join-Path $Destination cost.html) -Source Ledger -Since 30d
Get-OpiCost -Source Ledger -By Day, Source, Model -Since 30d -SafeForSpreadsheet | Export-Csv (Join-Path $Destination cost.csv)
if ($PSBoundParameters.ContainsKey('Budget')) { Assert-OpiBudget $Budget Day -Source Ledger }
