BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    $root = (Resolve-Path "$PSScriptRoot/../..").Path
    $recipes = Join-Path $root examples/recipes
    $page = Get-Content (Join-Path $root docs/recipes.md) -Raw

    # What a recipe imports by name is this Opi; ImportExcel is a stand-in with the parameters that the recipe uses, as the module declares them.
    $modules = Join-Path $TestDrive modules
    $null = New-Item "$modules/Opi", "$modules/ImportExcel" -ItemType Directory
    "Import-Module '$root/Opi.psd1' -Global" | Set-Content "$modules/Opi/Opi.psm1"
    @'
function Export-Excel {
    [CmdletBinding()]
    param(
        [Parameter(Position = 0)] [string] $Path, [Parameter(ValueFromPipeline)] $InputObject, [string] $WorksheetName, [switch] $AutoSize,
        [switch] $FreezeTopRow, $TableName, [string[]] $NoNumberConversion, [string] $PivotTableName, [string[]] $PivotRows, [string[]] $PivotColumns, $PivotData
    )
    begin { $rows = @() }
    process { $rows += $InputObject }
    end { @{ Rows = $rows; Bound = $PSBoundParameters.Keys; Pivot = @($PivotRows) + $PivotColumns + $PivotData.Keys } | ConvertTo-Json -Depth 4 | Set-Content $Path }
}
'@ | Set-Content "$modules/ImportExcel/ImportExcel.psm1"

    # A home with a session of today, and nothing of the one who runs the tests.
    $home1 = (New-Item "$TestDrive/home" -ItemType Directory).FullName
    $names = 'HOME', 'USERPROFILE', 'OPI_SESSIONS_DIR', 'OPI_LEDGER_DIR', 'PSModulePath', 'PATH', 'CLAUDE_CONFIG_DIR', 'CODEX_HOME'
    $before = @{}
    foreach ($name in $names) { $before[$name] = [Environment]::GetEnvironmentVariable($name) }
    $env:HOME = $env:USERPROFILE = $home1
    $env:OPI_SESSIONS_DIR = "$home1/sessions"
    $env:OPI_LEDGER_DIR = "$home1/ledger"
    $env:PSModulePath = $modules
    Remove-Item Env:CLAUDE_CONFIG_DIR, Env:CODEX_HOME -ErrorAction Ignore
    foreach ($i in 1..3) {
        $session = New-OpiSession -Model anthropic:claude-sonnet-4-5 -Name "job-$i" -Durability Buffered
        $null = $session | Add-OpiTurn -User "question $i" -Assistant "answer $i" -InputTokens 100000 -OutputTokens 10
        $session | Close-OpiSession
    }

    function Invoke-Script { & "$root/tools/Invoke-NewPowerShell.ps1" -NoProfile -File @args }
}

AfterAll {
    foreach ($name in $names) { [Environment]::SetEnvironmentVariable($name, $before[$name]) }
}

Describe 'The recipes of docs/recipes.md' {
    It 'names every file of examples/recipes, and no other' {
        $named = [regex]::Matches($page, '\.\./examples/recipes/([\w.-]+)\)') | ForEach-Object { $_.Groups[1].Value } | Sort-Object -Unique
        $named | Should -Be (Get-ChildItem $recipes -File | Sort-Object Name).Name -Because 'each is explained'
    }

    It 'writes an Excel workbook with the parameters that Export-Excel has' {
        $null = Invoke-Script "$recipes/excel.ps1" "$TestDrive/cost.xlsx" -Source Opi -Since 2d

        $given = Get-Content "$TestDrive/cost.xlsx" -Raw | ConvertFrom-Json
        $given.Rows.Model | Should -Be 'anthropic:claude-sonnet-4-5'
        $given.Rows.TotalCost | Should -Be 0.90045 # 3 times 100,000 at 3 and 10 at 15 dollars a million
        $given.Rows.Responses | Should -Be 3
        $given.Pivot | Should -Be 'Model', 'Source', 'KnownCost'
        $given.Bound | Should -Contain NoNumberConversion
        foreach ($name in $given.Pivot) { $given.Rows[0].PSObject.Properties.Name | Should -Contain $name }
    }

    It 'keeps and reports the cost of a day, and fails over its budget' {
        $null = Invoke-Script "$recipes/daily-cost.ps1" -Destination "$TestDrive/daily" -Budget 5

        Import-Csv "$TestDrive/daily/cost.csv" | ForEach-Object TotalCost | Should -Be 0.90045
        Get-Content "$TestDrive/daily/cost.html" -Raw | Should -Match '\$0\.9005' # as the page rounds it
        Get-ChildItem $env:OPI_LEDGER_DIR -Filter usage-*.jsonl | Should -Not -BeNullOrEmpty

        { Invoke-Script "$recipes/daily-cost.ps1" -Destination "$TestDrive/daily" -Budget 0.5 2>$null } | Should -Throw '*exit code 1*'
    }

    It 'has lines for cron and systemd that run it' -Skip:$IsWindows {
        # pwsh is what runs these tests; the home is that of the test.
        $program = [Environment]::ProcessPath
        $first = if ([IO.Path]::GetFileNameWithoutExtension($program) -eq 'dotnet') { "'$([Environment]::GetCommandLineArgs()[0])'" }
        $null = New-Item "$TestDrive/bin", "$home1/opi" -ItemType Directory -Force
        "#!/bin/sh`nexec '$program' $first `"`$@`"" | Set-Content "$TestDrive/bin/pwsh"
        chmod +x "$TestDrive/bin/pwsh"
        Copy-Item "$recipes/daily-cost.ps1" "$home1/opi"
        $env:PATH = "$TestDrive/bin$([IO.Path]::PathSeparator)$env:PATH"

        $line = [regex]::Match($page, '(?m)^```crontab\n(.+)$').Groups[1].Value
        $line | Should -Match '^([0-5]?\d) ([01]?\d|2[0-3]) \* \* \* (?<command>\S.+)$'
        $command = [regex]::Match($line, '^\S+ \S+ \S+ \S+ \S+ (.+)$').Groups[1].Value
        $command | Should -Not -Match '%' -Because 'cron takes it for the end of the line'
        sh -c $command
        $LASTEXITCODE | Should -Be 0
        "$home1/opi/cost/cost.csv" | Should -Exist

        Remove-Item "$home1/opi/cost" -Recurse
        $start = [regex]::Match((Get-Content "$recipes/opi-cost.service" -Raw), '(?m)^ExecStart=(.+)$').Groups[1].Value
        sh -c ($start.Replace('%h', $home1).Replace('/usr/bin/pwsh', "$TestDrive/bin/pwsh"))
        $LASTEXITCODE | Should -Be 0
        "$home1/opi/cost/cost.csv" | Should -Exist
        $timer = Get-Content "$recipes/opi-cost.timer" -Raw
        $timer | Should -Match '(?m)^OnCalendar=\*-\*-\* 23:55:00$'
        $timer | Should -Match '(?m)^WantedBy=timers\.target$'
    }

    It 'registers it with the Task Scheduler of Windows' {
        # The commands of Windows, as far as the recipe uses them.
        function New-ScheduledTaskAction ([string] $Execute, [string] $Argument) { @{ Execute = $Execute; Argument = $Argument } }
        function New-ScheduledTaskTrigger ([switch] $Daily, [datetime] $At) { @{ Daily = $Daily; At = $At } }
        function Register-ScheduledTask ([string] $TaskName, $Action, $Trigger, [string] $Description) { [pscustomobject]$PSBoundParameters }

        $culture = [cultureinfo]::CurrentCulture
        [cultureinfo]::CurrentCulture = 'de-DE'
        try { $task = & "$recipes/register-daily-cost.ps1" -Destination "$TestDrive/a folder" -Budget 2.5 } finally { [cultureinfo]::CurrentCulture = $culture }

        $task.Trigger.At.ToString('HH:mm', [cultureinfo]::InvariantCulture) | Should -Be '23:55'
        $task.Action.Execute | Should -Be pwsh
        $errors = $null
        $call = [Management.Automation.Language.Parser]::ParseInput("pwsh $($task.Action.Argument)", [ref]$null, [ref]$errors)
        $errors | Should -BeNullOrEmpty
        $values = $call.EndBlock.Statements[0].PipelineElements[0].CommandElements.ForEach({ $_.Extent.Text.Trim('"') })
        $values | Should -Be 'pwsh', '-NoProfile', '-File', (Join-Path $recipes daily-cost.ps1), '-Destination', "$TestDrive/a folder", '-Budget', '2.5'
        $null = Invoke-Script @($values[3..($values.Count - 1)])
        "$TestDrive/a folder/cost.html" | Should -Exist
    }

    It 'exports every session, several at a time' {
        $rows = & "$recipes/export-all.ps1" "$TestDrive/pages" -ThrottleLimit 2

        $rows.Name | Sort-Object | Should -Be 'job-1', 'job-2', 'job-3'
        $rows.Findings | Should -Be 0, 0, 0
        foreach ($row in $rows) {
            [IO.Path]::GetFileNameWithoutExtension($row.Page) | Should -Be $row.SessionId
            Get-Content $row.Page -Raw | Should -Match "question $($row.Name[-1])"
        }
    }
}
