# Writes what the agents cost to an Excel workbook: the days and models, and a pivot table of them. It needs the module ImportExcel, not Excel.
#
#   Install-PSResource ImportExcel
#   ./excel.ps1 cost.xlsx -Since 2026-11-01
param(
    # The workbook. One that is there is replaced.
    [Parameter(Mandatory)] [string] $Path,

    # Whose logs, as Get-OpiCost takes them.
    [string[]] $Source = 'All',

    # Only what was used at this time or later.
    [string] $Since = '30d'
)

$ErrorActionPreference = 'Stop'
Import-Module Opi, ImportExcel

# The names in logs are foreign: what a spreadsheet would take for a formula is made safe. A cost that is not known is an empty cell.
$rows = Get-OpiCost -Source $Source -By Day, Source, Model -Since $Since -SafeForSpreadsheet |
    Select-Object Day, Source, Model, Responses, InputTokens, OutputTokens, CacheReadTokens, CacheWriteTokens, TotalCost, KnownCost, UnpricedResponses
if (-not $rows) { throw "No agent was used since $Since." }

if (Test-Path -LiteralPath $Path) { Remove-Item -LiteralPath $Path }
$rows | Export-Excel -Path $Path -WorksheetName Costs -TableName Costs -AutoSize:$IsWindows -FreezeTopRow -NoNumberConversion Day, Source, Model `
    -PivotTableName ByModel -PivotRows Model -PivotColumns Source -PivotData @{ KnownCost = 'Sum' }
Get-Item -LiteralPath $Path
